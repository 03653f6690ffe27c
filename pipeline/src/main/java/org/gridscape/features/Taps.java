package org.gridscape.features;

/**
 * One axis of a resize: which inputs each output is a weighted sum of.
 *
 * @param first input of each output
 * @param weights of each output, for the inputs from its first on
 */
record Taps(int[] first, double[][] weights) {

  /**
   * A triangle as wide as two inputs or two outputs, whichever is more, in single precision, as
   * {@code F.interpolate} of PyTorch has it with {@code antialias=True}.
   */
  static Taps triangle(int in, int out) {
    float step = (float) in / out;
    float support = step >= 1 ? step : 1;
    float narrowing = step >= 1 ? 1 / step : 1;
    int[] first = new int[out];
    double[][] weights = new double[out][];
    for (int i = 0; i < out; i++) {
      float centre = step * (i + 0.5f);
      first[i] = (int) Math.max((long) (centre - support + 0.5f), 0);
      int count = (int) Math.min((long) (centre + support + 0.5f), in) - first[i];
      weights[i] = triangle(first[i], centre, narrowing, count);
    }
    return new Taps(first, weights);
  }

  private static double[] triangle(int first, float centre, float narrowing, int count) {
    float[] weights = new float[count];
    float total = 0;
    for (int j = 0; j < count; j++) {
      float distance = Math.abs((first + j - centre + 0.5f) * narrowing);
      weights[j] = distance < 1 ? 1 - distance : 0;
      total += weights[j];
    }
    double[] normal = new double[count];
    for (int j = 0; j < count; j++) {
      normal[j] = weights[j] / total;
    }
    return normal;
  }

  /**
   * The cubic of Keys with a = -1/2, four inputs or four outputs wide, whichever is more, in double
   * precision, as PIL's {@code Resample.c} has it.
   */
  static Taps bicubic(int in, int out) {
    double step = (double) in / out;
    double widening = Math.max(step, 1);
    double support = 2 * widening;
    int[] first = new int[out];
    double[][] weights = new double[out][];
    for (int i = 0; i < out; i++) {
      double centre = (i + 0.5) * step;
      first[i] = Math.max((int) (centre - support + 0.5), 0);
      int count = Math.min((int) (centre + support + 0.5), in) - first[i];
      weights[i] = cubic(first[i], centre, 1 / widening, count);
    }
    return new Taps(first, weights);
  }

  private static double[] cubic(int first, double centre, double narrowing, int count) {
    double[] weights = new double[count];
    double total = 0;
    for (int j = 0; j < count; j++) {
      weights[j] = cubic((first + j - centre + 0.5) * narrowing);
      total += weights[j];
    }
    for (int j = 0; j < count; j++) {
      weights[j] /= total;
    }
    return weights;
  }

  private static double cubic(double signed) {
    double x = Math.abs(signed);
    if (x < 1) {
      return (1.5 * x - 2.5) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0;
  }
}
