package org.gridscape.numpy;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.NoSuchElementException;

/**
 * An array read along its first axis, a row at a time: it may be larger than memory. A row is all
 * that one value of the first index leaves, such as an image.
 */
public final class NpyRows implements Closeable {
  private final NpyHeader header;
  private final InputStream in;
  private final String where;
  private final int rowBytes;
  private long read;

  /**
   * The rows of an array whose elements are next in {@code in}.
   *
   * @throws IOException if the array has no axis, is in Fortran order, or has rows too large for an
   *     array of Java's
   */
  NpyRows(InputStream in, NpyHeader header, String where) throws IOException {
    this.in = in;
    this.header = header;
    this.where = where;
    if (header.shape().isEmpty() || header.fortranOrder()) {
      throw NpyHeader.refusal(
          where,
          "%s in %s order (must have rows, in C order)"
              .formatted(header.shape(), header.fortranOrder() ? "Fortran" : "C"));
    }
    rowBytes = rowBytes(header, where);
  }

  private static int rowBytes(NpyHeader header, String where) throws IOException {
    long count = header.shape().get(0);
    long bytes = count == 0 ? 0 : header.bytes() / count;
    if (bytes > Integer.MAX_VALUE - 8) {
      throw NpyHeader.refusal(
          where, "%d bytes a row (must be at most %d)".formatted(bytes, Integer.MAX_VALUE - 8));
    }
    return (int) bytes;
  }

  /** Rows in all. */
  public long count() {
    return header.shape().get(0);
  }

  /** Bytes of a row. */
  public int rowBytes() {
    return rowBytes;
  }

  /**
   * The next row: its elements in C order, least significant byte first.
   *
   * @throws NoSuchElementException after the last
   * @throws IOException if the file is damaged
   */
  public byte[] next() throws IOException {
    if (read == count()) {
      throw new NoSuchElementException("no row after the last of " + count());
    }
    byte[] row = new byte[rowBytes];
    NpyArray.fill(in, row, header, where + ", row " + read);
    read++;
    if (read == count() && in.read() >= 0) {
      throw NpyHeader.refusal(where, "goes on after its last element");
    }
    return row;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
