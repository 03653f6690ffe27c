package org.gridscape.image;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The image files of a zip archive; entries with a leading dot, of {@code __MACOSX} and of other
 * kinds are passed over.
 *
 * @param path the archive
 */
public record ZipSource(String path) implements ImageSource {

  @Override
  public List<String> names() throws IOException {
    try (ZipFile zip = openZip()) {
      return zip.stream()
          .filter(entry -> !entry.isDirectory())
          .map(ZipEntry::getName)
          .filter(ArchiveEntries::isImage)
          .sorted()
          .distinct()
          .toList();
    }
  }

  @Override
  public Reader open() throws IOException {
    ZipFile zip = openZip();
    return new Reader() {
      @Override
      public SourceImage read(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
          throw new FileNotFoundException("Cannot find entry: " + name);
        }
        try (InputStream in = zip.getInputStream(entry)) {
          return new SourceImage(ImageDecoder.decode(in.readAllBytes()), -1);
        }
      }

      @Override
      public void close() throws IOException {
        zip.close();
      }
    };
  }

  private ZipFile openZip() throws IOException {
    try {
      return new ZipFile(path);
    } catch (IOException e) {
      throw new IOException("Cannot open zip archive: %s: %s".formatted(path, e.getMessage()), e);
    }
  }
}
