package org.gridscape.distribute;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.AbstractList;
import java.util.Collection;

/**
 * A fixed list of float arrays that Java's serialization writes as one block of bytes instead of
 * value by value.
 */
final class FloatArrays extends AbstractList<float[]> implements Serializable {
  private static final long serialVersionUID = 1;

  private final float[][] arrays;

  private FloatArrays(float[][] arrays) {
    this.arrays = arrays;
  }

  /** A list of these arrays, which are not copied. */
  static FloatArrays of(Collection<float[]> arrays) {
    return new FloatArrays(arrays.toArray(new float[0][]));
  }

  @Override
  public float[] get(int index) {
    return arrays[index];
  }

  @Override
  public int size() {
    return arrays.length;
  }

  private Object writeReplace() {
    int[] lengths = stream().mapToInt(array -> array.length).toArray();
    long total = stream().mapToLong(array -> array.length).sum();
    byte[] bytes = new byte[Math.toIntExact(total * Float.BYTES)];
    FloatBuffer values = floats(bytes);
    forEach(values::put);
    return new Packed(lengths, bytes);
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private record Packed(int[] lengths, byte[] bytes) implements Serializable {
    private Object readResolve() {
      FloatBuffer values = floats(bytes);
      float[][] arrays = new float[lengths.length][];
      for (int i = 0; i < lengths.length; i++) {
        arrays[i] = new float[lengths[i]];
        values.get(arrays[i]);
      }
      return new FloatArrays(arrays);
    }
  }
}
