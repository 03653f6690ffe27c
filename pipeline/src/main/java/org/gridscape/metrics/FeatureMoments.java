package org.gridscape.metrics;

import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Count, mean and scatter of feature rows, exact in what it needs for a covariance and mergeable.
 *
 * <p>Sums depend on the order of merging in their last bits: callers merge in a fixed order (by
 * shard, not by arrival) so that results repeat exactly. The arrays are not copied and never
 * changed by this class; a holder does not change them either. Rows become moments in a {@link
 * MomentsAccumulator}.
 *
 * @param n rows seen, at least 0
 * @param mean mean of each of the d features
 * @param m2 sum over the rows of the outer products of their deviations from the mean: upper
 *     triangle, row by row, d (d + 1) / 2 values
 */
public record FeatureMoments(long n, double[] mean, double[] m2) implements Serializable {
  /** Its square is the largest that an array holds. */
  private static final int LARGEST = 46_340;

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
    FeatureRows.requireDimension(dimension);
    return new FeatureMoments(0, new double[dimension], new double[packedLength(dimension)]);
  }

  /** The moments of feature rows. */
  public static FeatureMoments of(FeatureRows rows) {
    MomentsAccumulator accumulator = new MomentsAccumulator(rows.dimension());
    accumulator.add(rows);
    return accumulator.moments();
  }

  /**
   * The moments of the rows of both (Chan, Golub and LeVeque 1979, pairwise update).
   *
   * @throws IllegalArgumentException if {@code other} has another number of features
   */
  public FeatureMoments merge(FeatureMoments other) {
    FeatureRows.requireEqual(dimension(), other.dimension());
    if (n == 0 || other.n == 0) {
      return n == 0 ? other : this;
    }
    MomentsAccumulator both = new MomentsAccumulator(dimension());
    both.merge(this);
    both.merge(other);
    return both.moments();
  }

  /**
   * The moments of the rows that remain when those of {@code part}, merged into these before, are
   * taken out again: {@link #merge} solved for one side (derived). Exact up to rounding, about
   * 1e-16 of these moments, whatever the size of what remains.
   *
   * @throws IllegalArgumentException if {@code part} has other features or more rows
   */
  public FeatureMoments without(FeatureMoments part) {
    FeatureRows.requireEqual(dimension(), part.dimension());
    if (part.n > n) {
      throw new IllegalArgumentException(
          "Cannot take out moments: %d rows of %d (must be at most as many)".formatted(part.n, n));
    }
    if (part.n == 0) {
      return this;
    }
    if (part.n == n) {
      return empty(dimension());
    }
    long rest = n - part.n;
    double[] delta = new double[dimension()];
    double[] remaining = new double[dimension()];
    for (int i = 0; i < delta.length; i++) {
      delta[i] = part.mean[i] - mean[i];
      remaining[i] = mean[i] - delta[i] * ((double) part.n / rest);
    }
    double[] difference = new double[m2.length];
    Arrays.setAll(difference, k -> m2[k] - part.m2[k]);
    addOuterProduct(difference, delta, -n * ((double) part.n / rest));
    return new FeatureMoments(rest, remaining, difference);
  }

  /** Features of each row. */
  public int dimension() {
    return mean.length;
  }

  /**
   * The sample covariance, normalised by n - 1.
   *
   * @return [d][d], row after row
   * @throws IllegalArgumentException if fewer than two rows were seen
   */
  public double[] covariance() {
    return covariance(1);
  }

  /**
   * The covariance normalised by n - ddof.
   *
   * @return [d][d], row after row
   * @throws IllegalArgumentException if no more than ddof rows were seen
   */
  double[] covariance(int ddof) {
    if (n <= ddof) {
      throw new IllegalArgumentException(
          "Invalid row count: %d (must be >= %d for a covariance)".formatted(n, ddof + 1));
    }
    int d = dimension();
    double[] covariance = new double[d * d];
    for (int i = 0, k = 0; i < d; i++) {
      for (int j = i; j < d; j++, k++) {
        covariance[i * d + j] = m2[k] / (n - ddof);
        covariance[j * d + i] = covariance[i * d + j];
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

  private static int packedLength(int dimension) {
    if (dimension > LARGEST) {
      throw new IllegalArgumentException(
          "Invalid dimension: %d (must be <= %d for moments)".formatted(dimension, LARGEST));
    }
    return (int) (dimension * (dimension + 1L) / 2);
  }

  static void addOuterProduct(double[] packed, double[] vector, double weight) {
    for (int i = 0, k = 0; i < vector.length; i++) {
      double scaled = weight * vector[i];
      for (int j = i; j < vector.length; j++, k++) {
        packed[k] += scaled * vector[j];
      }
    }
  }

  @Serial
  private Object writeReplace() {
    return PackedArrays.fits(m2.length) ? PackedArrays.Moments.of(this) : this;
  }
}
