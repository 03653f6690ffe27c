package org.gridscape.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The image files of a tar archive, gzipped or not; entries with a leading dot, of {@code __MACOSX}
 * and of other kinds are passed over.
 *
 * <p>Links to images of the archive are images too; of two entries of one name the later counts, as
 * where an archive is extracted. A plain archive is indexed once a process by its headers and read
 * where it is; a gzipped one is unpacked once a process.
 *
 * @param path the archive
 */
public record TarSource(String path) implements ImageSource {
  private static final List<String> GZIPPED = List.of(".tar.gz", ".tgz");

  /** Whether a file of that name is taken for a tar archive. */
  static boolean knows(String fileName) {
    return fileName.toLowerCase(Locale.ROOT).endsWith(".tar") || isGzipped(fileName);
  }

  private static boolean isGzipped(String fileName) {
    return GZIPPED.stream().anyMatch(fileName.toLowerCase(Locale.ROOT)::endsWith);
  }

  @Override
  public List<String> names() throws IOException {
    return PackedCache.names(state(), this::load);
  }

  @Override
  public Reader open() throws IOException {
    return PackedCache.open(state(), this::load);
  }

  private PackedCache.FileState state() throws IOException {
    return PackedCache.FileState.of(Path.of(path));
  }

  private PackedImages load() throws IOException {
    return isGzipped(path) ? TarEntries.unpack(path) : TarEntries.index(path);
  }
}
