package org.gridscape.dataset;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes in a file without a name, with a copy in memory where there is room for one. Any thread may
 * read and write.
 *
 * <p>The name is removed as soon as the file is open, so that its space is free again when the
 * process ends, however it ends. Not a {@code FileChannel}: that is closed for all threads when one
 * is interrupted while reading, as Spark interrupts the tasks that it gives up.
 */
final class ScratchBytes implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ScratchBytes.class);
  private static final int LARGEST_COPY = Integer.MAX_VALUE - 8;
  private static final int CHUNK = 1 << 16;

  private final RandomAccessFile file;
  private byte[] copy = {};

  /** Bytes in a file that is open for reading and writing, and empty. */
  ScratchBytes(RandomAccessFile file) {
    this.file = file;
  }

  /** Empty, in a folder that is there. */
  static ScratchBytes in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException("no such folder");
    }
    Path name = Files.createTempFile(folder, "shard-", ".raw");
    try {
      return new ScratchBytes(new RandomAccessFile(name.toFile(), "rw"));
    } finally {
      Files.delete(name);
    }
  }

  /** Writes bytes [0, count) of {@code from} at a position. */
  synchronized void write(long position, byte[] from, int count) throws IOException {
    file.seek(position);
    file.write(from, 0, count);
    if (inMemory()) {
      System.arraycopy(from, 0, copy, Math.toIntExact(position), count);
    }
  }

  /** The {@code count} bytes from a position on. */
  synchronized byte[] read(long position, int count) throws IOException {
    byte[] bytes = new byte[count];
    if (inMemory()) {
      System.arraycopy(copy, Math.toIntExact(position), bytes, 0, count);
    } else {
      file.seek(position);
      file.readFully(bytes);
    }
    return bytes;
  }

  /** Number of bytes. */
  synchronized long length() throws IOException {
    return file.length();
  }

  /**
   * Reads them from memory from here on, if they fit into an array; their number must not grow.
   *
   * @return whether they fit
   */
  synchronized boolean copyToMemory() throws IOException {
    long length = length();
    if (length > LARGEST_COPY) {
      return false;
    }
    dropCopy();
    copy = read(0, (int) length);
    return true;
  }

  /** Reads them from the file from here on. */
  synchronized void dropCopy() {
    copy = new byte[0];
  }

  /** Whether there is a copy in memory. */
  synchronized boolean inMemory() {
    return copy.length > 0;
  }

  /** Frees memory and file. */
  @Override
  public synchronized void close() {
    dropCopy();
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("cannot close scratch file reason={}", e.getMessage());
    }
  }

  /** What the local disk may refuse. */
  interface Access<T> {
    T run() throws IOException;
  }

  /**
   * The result of {@code access}.
   *
   * @param shard whose it is, and where
   * @throws DataException if the disk refuses it
   */
  static <T> T access(String shard, Access<T> access) {
    try {
      return access.run();
    } catch (IOException e) {
      throw new DataException("Cannot keep shard: %s: %s".formatted(shard, e.getMessage()), e);
    }
  }

  /** Writes one stretch from its start on, in chunks. For one thread. */
  final class Appender {
    private final byte[] chunk = new byte[CHUNK];
    private int filled;
    private long position;

    /** An appender whose first byte comes to {@code position}. */
    Appender(long position) {
      this.position = position;
    }

    void append(byte[] bytes) throws IOException {
      if (bytes.length > CHUNK - filled) {
        flush();
      }
      if (bytes.length > CHUNK) {
        write(position, bytes, bytes.length);
        position += bytes.length;
      } else {
        System.arraycopy(bytes, 0, chunk, filled, bytes.length);
        filled += bytes.length;
      }
    }

    /** Where the next byte comes to. */
    long end() {
      return position + filled;
    }

    void flush() throws IOException {
      write(position, chunk, filled);
      position += filled;
      filled = 0;
    }
  }
}
