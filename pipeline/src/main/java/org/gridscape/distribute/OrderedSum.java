package org.gridscape.distribute;

import java.io.Serializable;
import java.util.List;

/**
 * The element-wise sum of arrays in the order in which they are added, in double: the same bits
 * whoever computed the parts.
 */
final class OrderedSum implements Serializable {
  private static final long serialVersionUID = 1;

  private final double[] values;

  /** A sum of nothing. */
  OrderedSum(int length) {
    values = new double[length];
  }

  /** The sum of these arrays, at least one, all of one length. */
  static OrderedSum of(List<float[]> parts) {
    OrderedSum sum = new OrderedSum(parts.get(0).length);
    parts.forEach(sum::add);
    return sum;
  }

  void add(float[] part) {
    for (int i = 0; i < values.length; i++) {
      values[i] += part[i];
    }
  }

  void add(OrderedSum part) {
    for (int i = 0; i < values.length; i++) {
      values[i] += part.values[i];
    }
  }

  /** The sum, rounded to float. */
  float[] rounded() {
    return scaled(1);
  }

  /** The sum times {@code factor}, rounded to float once. */
  float[] scaled(double factor) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) (values[i] * factor);
    }
    return rounded;
  }
}
