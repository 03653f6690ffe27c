package org.gridscape.image;

/** Which entries of an archive are images. */
final class ArchiveEntries {
  private ArchiveEntries() {}

  /**
   * Whether an entry is taken for an image: by its extension, and not if it or a folder of it has a
   * leading dot or is {@code __MACOSX}.
   *
   * @param name with {@code /} between folders
   */
  static boolean isImage(String name) {
    return !name.startsWith("__MACOSX/")
        && !name.startsWith(".")
        && !name.contains("/.")
        && ImageDecoder.knows(name);
  }
}
