package org.gridscape.metrics;

/** Walks the pairs of two sets tile by tile. */
final class DistanceTiles {
  private static final int ROWS = 256;
  private static final int OTHERS = 1024;
  private static final double UNIT = Math.ulp(1.0) / 2;

  private DistanceTiles() {}

  /** Takes one pair of rows. */
  interface Pair {
    /**
     * Takes a pair.
     *
     * @param approximate squared distance from inner products
     * @param margin more than it can differ by from {@link #squared}
     */
    void take(int row, int other, double approximate, double margin);
  }

  static void scan(FeatureRows rows, int from, int to, FeatureRows others, Pair pair) {
    int d = rows.dimension();
    double unit = 8 * (d + 8) * UNIT;
    for (int first = from; first < to; first += ROWS) {
      int end = Math.min(to, first + ROWS);
      double[] x = CrossProducts.doubles(rows, first, end);
      double[] xNorms = norms(x, d);
      for (int start = 0; start < others.rows(); start += OTHERS) {
        int stop = Math.min(others.rows(), start + OTHERS);
        double[] y = CrossProducts.doubles(others, start, stop);
        double[] yNorms = norms(y, d);
        double[] products = CrossProducts.of(x, end - first, y, stop - start, d);
        for (int i = 0, k = 0; i < end - first; i++) {
          for (int j = 0; j < stop - start; j++, k++) {
            double norms = xNorms[i] + yNorms[j];
            pair.take(first + i, start + j, norms - 2 * products[k], unit * norms);
          }
        }
      }
    }
  }

  /** The sum of squared differences, the same for a pair either way round. */
  static double squared(FeatureRows rows, int row, FeatureRows others, int other) {
    int d = rows.dimension();
    double sum = 0;
    for (int i = 0; i < d; i++) {
      double difference = (double) rows.values()[row * d + i] - others.values()[other * d + i];
      sum += difference * difference;
    }
    return sum;
  }

  private static double[] norms(double[] rows, int d) {
    double[] norms = new double[rows.length / d];
    for (int i = 0; i < norms.length; i++) {
      double sum = 0;
      for (int j = i * d; j < (i + 1) * d; j++) {
        sum += rows[j] * rows[j];
      }
      norms[i] = sum;
    }
    return norms;
  }
}
