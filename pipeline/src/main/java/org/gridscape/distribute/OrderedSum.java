package org.gridscape.distribute;

import java.util.List;

/** The sum of arrays in the order given, in double: the same bits whoever computed the parts. */
final class OrderedSum {
  private OrderedSum() {}

  /** Element-wise sum, rounded to float once at the end. */
  static float[] of(List<float[]> parts) {
    return scaled(parts, 1);
  }

  /** Element-wise sum times {@code factor}, rounded to float once at the end. */
  static float[] scaled(List<float[]> parts, double factor) {
    double[] sum = new double[parts.get(0).length];
    for (float[] part : parts) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += part[i];
      }
    }
    float[] rounded = new float[sum.length];
    for (int i = 0; i < sum.length; i++) {
      rounded[i] = (float) (sum[i] * factor);
    }
    return rounded;
  }
}
