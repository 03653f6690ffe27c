package org.gridscape.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * A folder on any Hadoop file system, there or not. Lives on the driver.
 *
 * <p>Folders are never renamed: an object store would copy them file by file. Local folders are
 * used without Hadoop's {@code .crc} files, and what is written there is forced to the disk;
 * elsewhere the stream is, where it can be. Every operation is tried again while the patience
 * lasts, then ends in a {@link StoreException}.
 */
public final class StoreFolder {
  private static final String TEMPORARY = ".tmp";

  private final Path path;
  private final FileSystem files;
  private final Patience patience;

  private StoreFolder(Path path, FileSystem files, Patience patience) {
    this.path = path;
    this.files = files;
    this.patience = patience;
  }

  /**
   * The folder of that path.
   *
   * @param folder any Hadoop path
   * @throws StoreException if nothing knows its scheme
   */
  public static StoreFolder at(String folder, Patience patience) {
    return attempt(
        patience,
        "open",
        folder,
        () -> {
          Path path = new Path(folder);
          FileSystem files = path.getFileSystem(HadoopSettings.current());
          return new StoreFolder(
              files.makeQualified(path),
              files instanceof LocalFileSystem local ? local.getRaw() : files,
              patience);
        });
  }

  /** A folder in this one. */
  public StoreFolder child(String name) {
    return new StoreFolder(new Path(path, name), files, patience);
  }

  /** The same folder under another patience. */
  public StoreFolder with(Patience other) {
    return new StoreFolder(path, files, other);
  }

  /** The full path of a file of the folder. */
  public String file(String name) {
    return shown(new Path(path, name));
  }

  /** The names in the folder, ascending; none if there is no folder. */
  public List<String> names() {
    return attempt(
        "list",
        path,
        () -> {
          try {
            return Arrays.stream(files.listStatus(path))
                .map(FileStatus::getPath)
                .map(Path::getName)
                .sorted()
                .toList();
          } catch (FileNotFoundException e) {
            return List.of();
          }
        });
  }

  /** Whether there is a file or folder of that name. */
  public boolean holds(String name) {
    Path file = new Path(path, name);
    return attempt("look for", file, () -> files.exists(file));
  }

  /** The content of a file; empty if it is not there. */
  public Optional<byte[]> read(String name) {
    Path file = new Path(path, name);
    return attempt("read", file, () -> content(file));
  }

  /** Writes a file, over one that is there, and waits until it is safe. */
  public void write(String name, byte[] content) {
    Path file = new Path(path, name);
    attempt(
        "write",
        file,
        () -> {
          put(file, content);
          return file;
        });
  }

  /**
   * Writes a file under another name, then renames it: it is whole or not there. One that was there
   * before is replaced; between the two there may be none.
   */
  public void commit(String name, byte[] content) {
    Path file = new Path(path, name);
    Path temporary = new Path(path, name + TEMPORARY);
    attempt(
        "write",
        file,
        () -> {
          // An earlier try may have been answered only after it was given up.
          if (content(file).filter(found -> Arrays.equals(found, content)).isEmpty()) {
            put(temporary, content);
            files.delete(file, false);
            if (!files.rename(temporary, file)) {
              throw new IOException("the store did not rename " + temporary.getName());
            }
          }
          forceFolders();
          return file;
        });
  }

  /**
   * Writes a file where there is none. Of two that try at the same moment one succeeds, but on
   * object stores, which look first and write later. For a moment it is there and empty.
   *
   * @return false if there is one
   */
  public boolean create(String name, byte[] content) {
    Path file = new Path(path, name);
    return attempt("write", file, () -> begun(file) && completed(file, content));
  }

  /** Makes an empty file, which is what only one can do. */
  private boolean begun(Path file) throws IOException {
    try {
      if (isLocal()) {
        Files.createDirectories(local(path));
        Files.createFile(local(file));
      } else {
        files.create(file, false).close();
      }
      return true;
    } catch (IOException e) {
      if (files.exists(file)) {
        return false;
      }
      throw e;
    }
  }

  /** Writes what belongs into it, or takes it away. */
  private boolean completed(Path file, byte[] content) throws IOException {
    try {
      return Patience.checked(
          () -> {
            put(file, content);
            return true;
          });
    } catch (IOException e) {
      files.delete(file, false);
      throw e;
    }
  }

  /** Deletes a file or a folder with all that is in it, if it is there. */
  public void delete(String name) {
    Path entry = new Path(path, name);
    attempt(
        "delete",
        entry,
        () -> {
          if (!files.delete(entry, true) && files.exists(entry)) {
            throw new IOException("the store did not delete it");
          }
          return entry;
        });
  }

  private Optional<byte[]> content(Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      if (files.exists(file)) {
        throw new IOException(Patience.reason(e), e);
      }
      return Optional.empty();
    }
  }

  private void put(Path file, byte[] content) throws IOException {
    try {
      put(files.create(file, true), content);
    } catch (FileNotFoundException e) {
      // So Java calls a full disk and a missing permission, which may pass.
      throw new IOException(Patience.reason(e), e);
    }
    if (isLocal()) {
      force(file, StandardOpenOption.WRITE);
    }
  }

  private static void put(FSDataOutputStream stream, byte[] content) throws IOException {
    try (stream) {
      stream.write(content);
      if (stream.hasCapability(StreamCapabilities.HSYNC)) {
        stream.hsync();
      }
    }
  }

  /** A new name is safe when the folder is, and a new folder when its parent is. */
  private void forceFolders() throws IOException {
    if (isLocal()) {
      force(path, StandardOpenOption.READ);
      force(path.getParent(), StandardOpenOption.READ);
    }
  }

  private static void force(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(local(path), mode)) {
      channel.force(true);
    }
  }

  private boolean isLocal() {
    return files.getClass() == RawLocalFileSystem.class;
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }

  private <T> T attempt(String verb, Path object, Patience.Attempt<T> attempt) {
    return attempt(patience, verb, shown(object), attempt);
  }

  private static <T> T attempt(
      Patience patience, String verb, String object, Patience.Attempt<T> attempt) {
    String action = verb + " " + object;
    try {
      return patience.retry(action, attempt);
    } catch (IOException e) {
      throw new StoreException("Cannot %s: %s".formatted(action, Patience.reason(e)), e);
    }
  }

  private static String shown(Path path) {
    return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
  }

  /** The path, without a scheme where it is local. */
  @Override
  public String toString() {
    return shown(path);
  }
}
