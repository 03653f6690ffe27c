package org.gridscape.metrics;

import org.gridscape.numpy.RandomState;

/** The features of measures.py, bit for bit. */
final class DrawnFeatures {
  private DrawnFeatures() {}

  /** Features that depend on their neighbours and shrink with their number. */
  static FeatureRows rows(int seed, int n, int d, double scale, double shift, double decay) {
    RandomState random = new RandomState(seed);
    float[] values = new float[n * d];
    double[] z = new double[d];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        z[j] = random.nextDouble() + random.nextDouble() - 1;
      }
      for (int j = 0; j < d; j++) {
        double mixed = scale * (z[j] + 0.5 * z[(j + d - 1) % d]);
        values[i * d + j] = (float) (mixed / (1 + decay * j) + shift);
      }
    }
    return new FeatureRows(d, values);
  }

  static FeatureRows rows(int seed, int n, int d, double scale, double shift) {
    return rows(seed, n, d, scale, shift, 0);
  }

  /** Features that are small whole numbers: many equal rows and equal distances. */
  static FeatureRows grid(int seed, int n, int d, int values) {
    RandomState random = new RandomState(seed);
    float[] grid = new float[n * d];
    for (int i = 0; i < grid.length; i++) {
      grid[i] = (float) Math.floor(random.nextDouble() * values);
    }
    return new FeatureRows(d, grid);
  }

  /** Independent normal features of one deviation. */
  static FeatureRows normal(RandomState random, int n, int d, double deviation) {
    float[] values = new float[n * d];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return new FeatureRows(d, values);
  }
}
