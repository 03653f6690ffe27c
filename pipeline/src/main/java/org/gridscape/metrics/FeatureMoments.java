package org.gridscape.metrics;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Count, mean and scatter of feature rows, exact in what it needs for a covariance and mergeable.
 *
 * <p>Sums depend on the order of merging in their last bits: callers merge in a fixed order (by
 * shard, not by arrival) so that results repeat exactly. The arrays are not copied and never
 * changed by this class; a holder does not change them either.
 *
 * @param n rows seen, at least 0
 * @param mean mean of each of the d features
 * @param m2 sum over the rows of the outer products of their deviations from the mean: upper
 *     triangle, row by row, d (d + 1) / 2 values
 */
public record FeatureMoments(long n, double[] mean, double[] m2) implements Serializable {

  /** Rejects components whose sizes contradict each other. */
  public FeatureMoments {
    if (n < 0) {
      throw new IllegalArgumentException("Invalid row count: " + n + " (must be >= 0)");
    }
    if (mean.length < 1 || m2.length != packedLength(mean.length)) {
      throw new IllegalArgumentException(
          "Invalid moments: %d means, %d products (must be d >= 1 and d (d + 1) / 2)"
              .formatted(mean.length, m2.length));
    }
  }

  /** The moments of no rows at all, of {@code dimension} features each. */
  public static FeatureMoments empty(int dimension) {
    return new FeatureMoments(0, new double[dimension], new double[packedLength(dimension)]);
  }

  /**
   * The moments of feature rows, in two passes: the mean, then the deviations from it.
   *
   * @param rows at least one row, all of the same length and finite
   * @throws IllegalArgumentException naming the row and feature at fault
   */
  public static FeatureMoments of(double[][] rows) {
    if (rows.length == 0) {
      throw new IllegalArgumentException("Invalid row count: 0 (must be >= 1)");
    }
    double[] mean = mean(rows);
    double[] m2 = new double[packedLength(mean.length)];
    double[] deviation = new double[mean.length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        deviation[i] = row[i] - mean[i];
      }
      addOuterProduct(m2, deviation, 1);
    }
    return new FeatureMoments(rows.length, mean, m2);
  }

  /** These moments with {@code rows} added after the rows already seen. */
  public FeatureMoments add(double[][] rows) {
    return rows.length == 0 ? this : merge(of(rows));
  }

  /**
   * The moments of the rows of both (Chan, Golub and LeVeque 1979, pairwise update).
   *
   * @throws IllegalArgumentException if {@code other} has another number of features
   */
  public FeatureMoments merge(FeatureMoments other) {
    requireDimension(other);
    if (n == 0 || other.n == 0) {
      return n == 0 ? other : this;
    }
    long total = Math.addExact(n, other.n);
    double[] delta = new double[dimension()];
    double[] merged = new double[dimension()];
    for (int i = 0; i < delta.length; i++) {
      delta[i] = other.mean[i] - mean[i];
      merged[i] = mean[i] + delta[i] * ((double) other.n / total);
    }
    double[] sum = new double[m2.length];
    Arrays.setAll(sum, k -> m2[k] + other.m2[k]);
    addOuterProduct(sum, delta, n * ((double) other.n / total));
    return new FeatureMoments(total, merged, sum);
  }

  /** Features of each row. */
  public int dimension() {
    return mean.length;
  }

  /**
   * The sample covariance, normalised by n - 1: a symmetric matrix of d x d values.
   *
   * @throws IllegalArgumentException if fewer than two rows were seen
   */
  public double[][] covariance() {
    if (n < 2) {
      throw new IllegalArgumentException(
          "Invalid row count: " + n + " (must be >= 2 for a covariance)");
    }
    double[][] covariance = new double[dimension()][dimension()];
    for (int i = 0, k = 0; i < dimension(); i++) {
      for (int j = i; j < dimension(); j++, k++) {
        covariance[i][j] = m2[k] / (n - 1);
        covariance[j][i] = covariance[i][j];
      }
    }
    return covariance;
  }

  /** Equal count and bits of every sum. */
  @Override
  public boolean equals(Object other) {
    return other instanceof FeatureMoments that
        && n == that.n
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(m2, that.m2);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Long.hashCode(n) + Arrays.hashCode(mean)) + Arrays.hashCode(m2);
  }

  @Override
  public String toString() {
    return "moments of " + n + " rows of " + dimension() + " features";
  }

  void requireDimension(FeatureMoments other) {
    if (dimension() != other.dimension()) {
      throw new IllegalArgumentException(
          "Invalid dimensions: %d and %d features (must be equal)"
              .formatted(dimension(), other.dimension()));
    }
  }

  private static int packedLength(int dimension) {
    return Math.toIntExact((long) dimension * (dimension + 1) / 2);
  }

  private static double[] mean(double[][] rows) {
    double[] mean = new double[rows[0].length];
    for (int r = 0; r < rows.length; r++) {
      requireFinite(rows[r], r, mean.length);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += rows[r][i];
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= rows.length;
    }
    return mean;
  }

  private static void requireFinite(double[] row, int index, int length) {
    if (row.length != length) {
      throw new IllegalArgumentException(
          "Invalid feature row: %d values in row %d (must be %d)"
              .formatted(row.length, index, length));
    }
    for (int i = 0; i < length; i++) {
      if (!Double.isFinite(row[i])) {
        throw new IllegalArgumentException(
            "Invalid feature: %s at row %d, feature %d (must be finite)"
                .formatted(row[i], index, i));
      }
    }
  }

  private static void addOuterProduct(double[] packed, double[] vector, double weight) {
    for (int i = 0, k = 0; i < vector.length; i++) {
      double scaled = weight * vector[i];
      for (int j = i; j < vector.length; j++, k++) {
        packed[k] += scaled * vector[j];
      }
    }
  }
}
