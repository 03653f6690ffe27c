package org.gridscape.image;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The image files of a folder and of all folders in it; files with a leading dot and files of other
 * kinds are passed over.
 *
 * @param path the folder
 */
public record FolderSource(String path) implements ImageSource {

  @Override
  public List<String> names() throws IOException {
    return list(names -> names.sorted().toList());
  }

  /** Whether there is no image. */
  boolean isEmpty() throws IOException {
    return list(names -> names.findAny().isEmpty());
  }

  private <T> T list(Function<Stream<String>, T> use) throws IOException {
    Path root = Path.of(path);
    try (Stream<Path> files = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      return use.apply(
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .map(file -> root.relativize(file).toString().replace(File.separatorChar, '/'))
              .filter(ImageDecoder::knows));
    } catch (UncheckedIOException e) {
      throw new IOException("Cannot list images: " + e.getMessage(), e);
    }
  }

  @Override
  public Reader open() {
    return new Reader() {
      @Override
      public SourceImage read(String name) throws IOException {
        byte[] encoded = Files.readAllBytes(Path.of(path, name));
        return new SourceImage(ImageDecoder.decode(encoded), -1);
      }

      @Override
      public void close() {}
    };
  }
}
