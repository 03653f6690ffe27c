package org.gridscape.numpy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An array of numpy's that fits into memory.
 *
 * @param type of the elements
 * @param shape length of each axis, none for a single value; not copied
 * @param data the elements in C order, the last index fastest, least significant byte first; not
 *     copied
 */
public record NpyArray(NpyType type, int[] shape, byte[] data) {

  /** Rejects data that do not fit the shape. */
  public NpyArray {
    long bytes = type.bytes();
    for (int axis : shape) {
      bytes *= axis;
    }
    if (bytes != data.length) {
      throw new IllegalArgumentException(
          "Invalid array: %d bytes (must be %d, %s of %s)"
              .formatted(data.length, bytes, Arrays.toString(shape), type));
    }
  }

  /** An array of doubles. */
  public static NpyArray of(double[] values, int... shape) {
    byte[] data = new byte[Math.multiplyExact(values.length, Double.BYTES)];
    buffer(data).asDoubleBuffer().put(values);
    return new NpyArray(new NpyType('f', Double.BYTES), shape, data);
  }

  /** An array of floats. */
  public static NpyArray of(float[] values, int... shape) {
    byte[] data = new byte[Math.multiplyExact(values.length, Float.BYTES)];
    buffer(data).asFloatBuffer().put(values);
    return new NpyArray(new NpyType('f', Float.BYTES), shape, data);
  }

  /** An array of whole numbers of eight bytes. */
  public static NpyArray of(long[] values, int... shape) {
    byte[] data = new byte[Math.multiplyExact(values.length, Long.BYTES)];
    buffer(data).asLongBuffer().put(values);
    return new NpyArray(new NpyType('i', Long.BYTES), shape, data);
  }

  /** An array of unsigned bytes, which are not copied. */
  public static NpyArray of(byte[] values, int... shape) {
    return new NpyArray(NpyType.UNSIGNED_BYTE, shape, values);
  }

  /** A single whole number. */
  public static NpyArray of(long value) {
    return of(new long[] {value});
  }

  /** A single text. */
  public static NpyArray of(String text) {
    int[] points = text.codePoints().toArray();
    // numpy has no text of no characters: it would read one of any length.
    int size = Math.max(1, points.length);
    byte[] data = new byte[size * Integer.BYTES];
    buffer(data).asIntBuffer().put(points);
    return new NpyArray(new NpyType('U', size), new int[0], data);
  }

  /**
   * Reads an array to its last byte.
   *
   * @param where for messages
   * @throws IOException naming {@code where}, if it is damaged, too large for an array of Java's,
   *     or its type is not read
   */
  static NpyArray read(InputStream in, NpyHeader header, String where) throws IOException {
    long bytes = header.bytes();
    if (bytes > Integer.MAX_VALUE - 8) {
      throw NpyHeader.refusal(
          where, "%d bytes (must be at most %d)".formatted(bytes, Integer.MAX_VALUE - 8));
    }
    byte[] data = new byte[(int) bytes];
    fill(in, data, header, where);
    int[] shape = header.shape().stream().mapToInt(Math::toIntExact).toArray();
    NpyType type = header.type();
    return new NpyArray(
        type, shape, header.fortranOrder() ? inOrderOfC(data, shape, type.bytes()) : data);
  }

  /** Reads elements to the end of {@code data} and brings their bytes into order. */
  static void fill(InputStream in, byte[] data, NpyHeader header, String where) throws IOException {
    int read = in.readNBytes(data, 0, data.length);
    if (read < data.length) {
      throw NpyHeader.refusal(
          where, "ends after %d bytes of elements (must be %d)".formatted(read, data.length));
    }
    if (header.bigEndian()) {
      reverse(data, header.type().unit());
    }
  }

  private static void reverse(byte[] data, int unit) {
    for (int start = 0; start < data.length; start += unit) {
      for (int i = 0; i < unit / 2; i++) {
        byte first = data[start + i];
        data[start + i] = data[start + unit - 1 - i];
        data[start + unit - 1 - i] = first;
      }
    }
  }

  private static byte[] inOrderOfC(byte[] data, int[] shape, int size) {
    byte[] ordered = new byte[data.length];
    int[] index = new int[shape.length];
    for (int to = 0; to < data.length; to += size) {
      int from = 0;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        from = from * shape[axis] + index[axis];
      }
      System.arraycopy(data, from * size, ordered, to, size);
      for (int axis = shape.length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return ordered;
  }

  /** Writes the array as a {@code .npy} file, format version 1. */
  void write(OutputStream out) throws IOException {
    out.write(NpyHeader.write(type, shape));
    out.write(data);
  }

  /** Number of elements. */
  public int size() {
    int size = 1;
    for (int axis : shape) {
      size *= axis;
    }
    return size;
  }

  /**
   * The elements as doubles.
   *
   * @throws IllegalArgumentException if they are no numbers
   */
  public double[] doubles() {
    double[] values = new double[size()];
    ByteBuffer buffer = buffer(data);
    if (type.kind() == 'f' && type.size() == Double.BYTES) {
      buffer.asDoubleBuffer().get(values);
    } else if (type.kind() == 'f') {
      Arrays.setAll(values, i -> buffer.getFloat(i * Float.BYTES));
    } else {
      long[] whole = longs();
      Arrays.setAll(values, i -> whole[i]);
    }
    return values;
  }

  /**
   * The elements as whole numbers; true is 1.
   *
   * @throws IllegalArgumentException if they are none
   */
  public long[] longs() {
    if (!type.isWhole()) {
      throw new IllegalArgumentException(
          "Invalid array type: %s (must be a whole number)".formatted(type));
    }
    long[] values = new long[size()];
    int size = type.size();
    for (int i = 0; i < values.length; i++) {
      long value =
          type.kind() == 'i' ? data[i * size + size - 1] : data[i * size + size - 1] & 0xff;
      for (int b = size - 2; b >= 0; b--) {
        value = value << 8 | (data[i * size + b] & 0xff);
      }
      values[i] = value;
    }
    return values;
  }

  /**
   * The single text of this array.
   *
   * @throws IllegalArgumentException if it holds something else
   */
  public String text() {
    if ((type.kind() != 'U' && type.kind() != 'S') || size() != 1) {
      throw new IllegalArgumentException(
          "Invalid array: %s of %s (must be a single text)"
              .formatted(Arrays.toString(shape), type));
    }
    String text;
    if (type.kind() == 'S') {
      text = new String(data, StandardCharsets.UTF_8);
    } else {
      int[] points = new int[type.size()];
      buffer(data).asIntBuffer().get(points);
      text = new String(points, 0, points.length);
    }
    return text.replaceAll("\0+$", "");
  }

  private static ByteBuffer buffer(byte[] data) {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Equal type, shape and bytes. */
  @Override
  public boolean equals(Object other) {
    return other instanceof NpyArray that
        && type.equals(that.type)
        && Arrays.equals(shape, that.shape)
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * type.hashCode() + Arrays.hashCode(shape)) + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return Arrays.toString(shape) + " of " + type;
  }
}
