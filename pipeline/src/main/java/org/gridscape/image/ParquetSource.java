package org.gridscape.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The images of a Parquet file, or of all those in a folder, in the order of their names: either
 * encoded images in a binary column {@code image}, {@code img} or {@code bytes}, or {@code bytes}
 * in a structure {@code image} or {@code img}, as Hugging Face has it; or the samples of this
 * project, of which the finest grid is taken.
 *
 * <p>Encoded images are named by the number of their row, zero-padded, over all files, and have the
 * class of a column {@code label}; a row without an image is listed and cannot be read. Samples
 * have the names of the single images beside them. The images are unpacked once a process.
 *
 * @param path the file or folder
 */
public record ParquetSource(String path) implements ImageSource {

  /** Whether a path is taken for a Parquet file or a folder of them that holds no image file. */
  static boolean knows(Path path) {
    if (!Files.isDirectory(path)) {
      return isParquet(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.anyMatch(ParquetSource::isParquet)
          && new FolderSource(path.toString()).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isParquet(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".parquet")
        && !name.startsWith(".")
        && !name.startsWith("_")
        && Files.isRegularFile(file);
  }

  @Override
  public List<String> names() throws IOException {
    return PackedCache.names(state(), this::load);
  }

  @Override
  public Reader open() throws IOException {
    return PackedCache.open(state(), this::load);
  }

  private List<PackedCache.FileState> state() throws IOException {
    List<PackedCache.FileState> states = new ArrayList<>();
    for (Path file : files()) {
      states.add(PackedCache.FileState.of(file));
    }
    return states;
  }

  private List<Path> files() throws IOException {
    Path source = Path.of(path);
    if (!Files.isDirectory(source)) {
      return List.of(source);
    }
    try (Stream<Path> files = Files.list(source)) {
      return files.filter(ParquetSource::isParquet).sorted().toList();
    }
  }

  private PackedImages load() throws IOException {
    try (Unpacking unpacking = new Unpacking(path)) {
      return new ParquetImages(unpacking).read(files());
    }
  }
}
