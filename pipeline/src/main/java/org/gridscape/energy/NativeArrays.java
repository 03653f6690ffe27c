package org.gridscape.energy;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Native float arrays that live and are freed together. */
final class NativeArrays implements AutoCloseable {
  private final List<INDArray> owned = new ArrayList<>();

  /** A placeholder that holds nothing. */
  static INDArray none() {
    return Nd4j.empty(DataType.FLOAT);
  }

  /** A zero array of a shape, row-major. */
  INDArray create(long... shape) {
    INDArray array = Nd4j.create(DataType.FLOAT, shape, 'c');
    owned.add(array);
    return array;
  }

  /** A zero array of the shape of another. */
  INDArray like(INDArray other) {
    return create(other.shape());
  }

  /** Copies values[offset, offset + length) into an array; returns the index after them. */
  static int write(float[] values, int offset, INDArray array) {
    int length = (int) array.length();
    float[] part = new float[length];
    System.arraycopy(values, offset, part, 0, length);
    try (INDArray source = Nd4j.create(part, array.shape(), 'c')) {
      array.assign(source);
    }
    return offset + length;
  }

  /** Copies an array into values[offset, ...); returns the index after it. */
  static int read(INDArray array, float[] values, int offset) {
    int length = (int) array.length();
    array.data().asNioFloat().get(values, offset, length);
    return offset + length;
  }

  @Override
  public void close() {
    owned.forEach(INDArray::close);
    owned.clear();
  }
}
