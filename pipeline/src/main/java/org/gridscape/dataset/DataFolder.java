package org.gridscape.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.gridscape.storage.HadoopSettings;

/**
 * The folder of a data set, on any Hadoop file system.
 *
 * <p>Local folders are used without Hadoop's {@code .crc} files: they would outlive a file that is
 * replaced by other means, and every file has its SHA-256 in the manifest.
 */
final class DataFolder {
  static final String MANIFEST = "manifest.json";
  static final String COLOURS = "colours.f32";
  private static final String UNFINISHED_MANIFEST = "_manifest.json";
  private static final String WORK = "_preparing";

  private final Path path;
  private final FileSystem files;

  private DataFolder(Path path, FileSystem files) {
    this.path = path;
    this.files = files;
  }

  /** The folder of that path, there or not. */
  static DataFolder at(String folder) throws IOException {
    Path path = new Path(folder);
    FileSystem files = path.getFileSystem(configuration());
    return new DataFolder(
        files.makeQualified(path), files instanceof LocalFileSystem local ? local.getRaw() : files);
  }

  /** Hadoop's settings, with those that Spark was given where it runs. */
  static Configuration configuration() {
    return HadoopSettings.current();
  }

  /** The full path of a file of the folder. */
  Path file(String name) {
    return new Path(path, name);
  }

  /** The full path of the folder in which a preparation works. */
  String workPath() {
    return file(WORK).toString();
  }

  /** Whether there is a file of that name and length. */
  boolean holds(String name, long bytes) throws IOException {
    return files.exists(file(name)) && files.getFileStatus(file(name)).getLen() == bytes;
  }

  /** Whether a preparation was finished here. */
  boolean prepared() throws IOException {
    return files.exists(file(MANIFEST));
  }

  /** The length of a file in bytes. */
  long length(String name) throws IOException {
    return files.getFileStatus(file(name)).getLen();
  }

  /** Opens a file for reading. */
  InputStream open(String name) throws IOException {
    return files.open(file(name));
  }

  /** Writes a file, over one that is there. */
  void write(String name, byte[] content) throws IOException {
    try (OutputStream out = files.create(file(name), true)) {
      out.write(content);
    }
  }

  /** Writes the manifest under another name, then renames it: it is whole or not there. */
  void commit(byte[] manifest) throws IOException {
    write(UNFINISHED_MANIFEST, manifest);
    rename(file(UNFINISHED_MANIFEST), MANIFEST);
  }

  /** Gives the files that Spark wrote, in their order, their final names. */
  void adopt(List<String> names) throws IOException {
    List<Path> parts = parts();
    if (parts.size() != names.size()) {
      throw new IOException(
          "Cannot adopt files: %d written (must be %d)".formatted(parts.size(), names.size()));
    }
    for (int i = 0; i < parts.size(); i++) {
      rename(parts.get(i), names.get(i));
    }
    files.delete(file(WORK), true);
  }

  private List<Path> parts() throws IOException {
    return List.of(files.globStatus(new Path(file(WORK), "part-*"))).stream()
        .map(FileStatus::getPath)
        .sorted()
        .toList();
  }

  private void rename(Path from, String name) throws IOException {
    if (!files.rename(from, file(name))) {
      throw new IOException("Cannot rename %s to %s".formatted(from, name));
    }
  }

  /** Removes what preparations leave, finished or not, the manifest first, and nothing else. */
  void clear() throws IOException {
    for (String pattern :
        List.of(
            MANIFEST,
            UNFINISHED_MANIFEST,
            WORK,
            COLOURS,
            "shard-[0-9]*.parquet",
            "heldout-[0-9]*.parquet")) {
      FileStatus[] found = files.globStatus(file(pattern));
      for (FileStatus status : found == null ? new FileStatus[0] : found) {
        files.delete(status.getPath(), true);
      }
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
