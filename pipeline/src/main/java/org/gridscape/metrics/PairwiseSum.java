package org.gridscape.metrics;

/** Sums of many values by halves, whose rounding grows with the logarithm of their number. */
final class PairwiseSum {
  private static final int PIECE = 64;

  private PairwiseSum() {}

  static double of(double[] values) {
    return of(values, 0, values.length);
  }

  static double mean(double[] values) {
    return of(values) / values.length;
  }

  private static double of(double[] values, int from, int to) {
    if (to - from > PIECE) {
      int middle = (from + to) >>> 1;
      return of(values, from, middle) + of(values, middle, to);
    }
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
    }
    return sum;
  }
}
