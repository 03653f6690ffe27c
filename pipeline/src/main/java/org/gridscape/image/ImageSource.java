package org.gridscape.image;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Where images come from: the names of the images, and each image's pixels by its name.
 *
 * <p>A source is only a description and may be sent to executors; the path it holds must be
 * readable on every node. Names are unique within a source and do not change when the source moves:
 * the relative path with {@code /} for folders and archives, the zero-padded index for the rest.
 */
public sealed interface ImageSource extends Serializable
    permits EmbeddedSource,
        IdxSource,
        FolderSource,
        ZipSource,
        TarSource,
        NpzSource,
        ParquetSource {

  /**
   * The names of all images, ascending; damaged ones are among them.
   *
   * @throws IOException if the source itself cannot be read
   */
  List<String> names() throws IOException;

  /**
   * Opens the source to read images; cheapest when they are asked for in ascending order of names.
   *
   * @throws IOException if the source itself cannot be read
   */
  Reader open() throws IOException;

  /** An open source. Not thread-safe. */
  interface Reader extends Closeable {

    /**
     * The image of that name.
     *
     * @throws IOException if this image cannot be read or decoded; others still can
     */
    SourceImage read(String name) throws IOException;
  }

  /**
   * The source that a name or path stands for.
   *
   * @param source the name of an embedded set, or the path of a folder of images, of a {@code
   *     .zip}, {@code .tar}, {@code .tar.gz} or {@code .tgz} archive, of a {@code .npz} file, of a
   *     {@code .parquet} file or a folder of them, or, by any other name, of an IDX file, gzipped
   *     or not; executors look for it under its absolute path
   * @throws IllegalArgumentException if there is no such set and no such path
   */
  static ImageSource of(String source) {
    if (EmbeddedSource.NAMES.contains(source)) {
      return new EmbeddedSource(source);
    }
    Path path = Path.of(source);
    String full = path.toAbsolutePath().toString();
    if (Files.isDirectory(path)) {
      return ParquetSource.knows(path) ? new ParquetSource(full) : new FolderSource(full);
    }
    if (!Files.isRegularFile(path)) {
      throw new IllegalArgumentException(
          "Invalid image source: %s (must be an embedded set, one of %s, or the path of a folder, of a zip or tar archive, of an npz, Parquet or IDX file)"
              .formatted(source, EmbeddedSource.NAMES));
    }
    return ofFile(path, full);
  }

  private static ImageSource ofFile(Path path, String full) {
    String name = full.toLowerCase(Locale.ROOT);
    if (name.endsWith(".zip")) {
      return new ZipSource(full);
    }
    if (name.endsWith(".npz")) {
      return new NpzSource(full);
    }
    if (TarSource.knows(name)) {
      return new TarSource(full);
    }
    return ParquetSource.knows(path) ? new ParquetSource(full) : new IdxSource(full);
  }
}
