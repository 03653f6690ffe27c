package org.gridscape.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes of a local file, read at random, with a copy in memory where there is room for one. Any
 * thread may read and write.
 *
 * <p>A scratch file has no name: it is removed as soon as the file is open, so that its space is
 * free again when the process ends, however it ends. Not a {@code FileChannel}: that is closed for
 * all threads when one is interrupted while reading, as Spark interrupts the tasks that it gives
 * up.
 */
public final class LocalBytes implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalBytes.class);
  private static final int LARGEST_COPY = Integer.MAX_VALUE - 8;
  private static final int CHUNK = 1 << 16;

  private final RandomAccessFile file;
  private byte[] copy = {};

  /** Bytes in a file that is open for reading and writing, and empty. */
  public LocalBytes(RandomAccessFile file) {
    this.file = file;
  }

  /** The bytes of a file, which are only read. */
  public static LocalBytes of(Path file) throws IOException {
    return new LocalBytes(new RandomAccessFile(file.toFile(), "r"));
  }

  /** Empty, in a scratch file in a folder that is there. */
  public static LocalBytes scratch(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException("no such folder");
    }
    Path name = Files.createTempFile(folder, "gridscape-", ".raw");
    try {
      return new LocalBytes(new RandomAccessFile(name.toFile(), "rw"));
    } finally {
      Files.delete(name);
    }
  }

  /** Writes bytes [0, count) of {@code from} at a position. */
  public synchronized void write(long position, byte[] from, int count) throws IOException {
    file.seek(position);
    file.write(from, 0, count);
    if (inMemory()) {
      System.arraycopy(from, 0, copy, Math.toIntExact(position), count);
    }
  }

  /** The {@code count} bytes from a position on. */
  public synchronized byte[] read(long position, int count) throws IOException {
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
  public synchronized long length() throws IOException {
    return file.length();
  }

  /**
   * Reads them from memory from here on, if they fit into an array; their number must not grow.
   *
   * @return whether they fit
   */
  public synchronized boolean copyToMemory() throws IOException {
    long length = length();
    if (length > LARGEST_COPY) {
      return false;
    }
    dropCopy();
    copy = read(0, (int) length);
    return true;
  }

  /** Reads them from the file from here on. */
  public synchronized void dropCopy() {
    copy = new byte[0];
  }

  /** Whether there is a copy in memory. */
  public synchronized boolean inMemory() {
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

  /** Writes one stretch from its start on, in chunks. For one thread. */
  public final class Appender {
    private final byte[] chunk = new byte[CHUNK];
    private int filled;
    private long position;

    /** An appender whose first byte comes to {@code position}. */
    public Appender(long position) {
      this.position = position;
    }

    /** Adds bytes at the end. */
    public void append(byte[] bytes) throws IOException {
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
    public long end() {
      return position + filled;
    }

    /** Writes what is left. */
    public void flush() throws IOException {
      write(position, chunk, filled);
      position += filled;
      filled = 0;
    }
  }
}
