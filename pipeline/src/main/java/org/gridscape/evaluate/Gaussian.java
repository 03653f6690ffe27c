package org.gridscape.evaluate;

import java.io.Serializable;
import java.util.Arrays;
import org.gridscape.metrics.FeatureMoments;

/**
 * Mean and covariance of d features.
 *
 * @param mean d values; not copied
 * @param covariance upper triangle, row by row, d (d + 1) / 2 values; not copied
 */
public record Gaussian(double[] mean, double[] covariance) implements Serializable {
  private static final long serialVersionUID = 1;

  /** How far two entries that must be equal may differ, as a share of the largest variance. */
  static final double TOLERANCE = 1e-6;

  /** Rejects sizes that contradict each other. */
  public Gaussian {
    if (mean.length < 1 || covariance.length != packedLength(mean.length)) {
      throw new IllegalArgumentException(
          "Invalid Gaussian: %d means, %d covariances (must be d >= 1 and d (d + 1) / 2)"
              .formatted(mean.length, covariance.length));
    }
  }

  /**
   * The Gaussian of a whole covariance matrix; the two halves are averaged.
   *
   * @param mean d values
   * @param matrix d x d values, row by row
   * @throws IllegalArgumentException if a value is not finite, a variance is negative, or the
   *     halves differ, by more than 1e-6 of the largest variance
   */
  static Gaussian of(double[] mean, double[] matrix) {
    int d = mean.length;
    requireFinite("mean", mean);
    requireFinite("covariance", matrix);
    double tolerance = TOLERANCE * requireVariances(matrix, d);
    double[] packed = new double[packedLength(d)];
    for (int i = 0, k = 0; i < d; i++) {
      for (int j = i; j < d; j++, k++) {
        double upper = matrix[i * d + j];
        double lower = matrix[j * d + i];
        if (Math.abs(upper - lower) > tolerance) {
          throw new IllegalArgumentException(
              "Invalid covariance: %s at (%d, %d), %s at (%d, %d) (must be equal to %s)"
                  .formatted(upper, i, j, lower, j, i, tolerance));
        }
        packed[k] = lower + (upper - lower) / 2;
      }
    }
    return new Gaussian(mean, packed);
  }

  private static void requireFinite(String what, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "Invalid %s: %s at %d (must be finite)".formatted(what, values[i], i));
      }
    }
  }

  /** The largest variance. */
  private static double requireVariances(double[] matrix, int d) {
    double largest = 0;
    for (int i = 0; i < d; i++) {
      largest = Math.max(largest, matrix[i * d + i]);
    }
    for (int i = 0; i < d; i++) {
      if (matrix[i * d + i] < -TOLERANCE * largest) {
        throw new IllegalArgumentException(
            "Invalid variance: %s of feature %d (must be >= 0)".formatted(matrix[i * d + i], i));
      }
    }
    return largest;
  }

  /** The Gaussian of rows of features, the covariance normalised by {@code n - ddof}. */
  static Gaussian of(FeatureMoments moments, int ddof) {
    if (moments.n() <= ddof) {
      throw new IllegalArgumentException(
          "Invalid row count: %d (must be >= %d for a covariance)"
              .formatted(moments.n(), ddof + 1));
    }
    return new Gaussian(moments.mean(), scaled(moments.m2(), 1.0 / (moments.n() - ddof)));
  }

  /** The moments of {@code n} rows that have this covariance, normalised by {@code n - ddof}. */
  FeatureMoments moments(long n, int ddof) {
    return new FeatureMoments(n, mean, scaled(covariance, (double) (n - ddof)));
  }

  private static double[] scaled(double[] values, double factor) {
    return Arrays.stream(values).map(value -> value * factor).toArray();
  }

  /** Number of features. */
  public int dimension() {
    return mean.length;
  }

  /** The whole covariance matrix, d x d values, row by row. */
  public double[] matrix() {
    int d = dimension();
    double[] matrix = new double[Math.multiplyExact(d, d)];
    for (int i = 0, k = 0; i < d; i++) {
      for (int j = i; j < d; j++, k++) {
        matrix[i * d + j] = covariance[k];
        matrix[j * d + i] = covariance[k];
      }
    }
    return matrix;
  }

  private static int packedLength(int dimension) {
    return Math.toIntExact((long) dimension * (dimension + 1) / 2);
  }

  /** Equal bits of every value. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Gaussian that
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(covariance, that.covariance);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(mean) + Arrays.hashCode(covariance);
  }

  @Override
  public String toString() {
    return "Gaussian of " + dimension() + " features";
  }
}
