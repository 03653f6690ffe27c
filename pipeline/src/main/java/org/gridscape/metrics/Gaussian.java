package org.gridscape.metrics;

import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Mean and covariance of features, all that a Frechet distance sees of a set. Arrays are not copied
 * and never changed by this class; a holder does not change them either.
 *
 * @param mean [d], finite
 * @param covariance [d][d], symmetric, row after row, finite
 * @param rankBound what the covariance's rank cannot exceed, 0 to d
 */
public record Gaussian(double[] mean, double[] covariance, int rankBound) implements Serializable {
  /** How far entries that must be equal may differ, as a share of the largest variance. */
  private static final double TOLERANCE = 1e-6;

  /** Rejects sizes that contradict each other, and values that are not finite. */
  public Gaussian {
    FeatureRows.requireDimension(mean.length);
    if (covariance.length != (long) mean.length * mean.length) {
      throw new IllegalArgumentException(
          "Invalid Gaussian: %d means, %d covariances (must be d and d * d)"
              .formatted(mean.length, covariance.length));
    }
    if (rankBound < 0 || rankBound > mean.length) {
      throw new IllegalArgumentException(
          "Invalid rank bound: %d (must be 0 to %d)".formatted(rankBound, mean.length));
    }
    requireFinite("mean", mean);
    requireFinite("covariance", covariance);
  }

  /** Of statistics that do not say how many rows they come from. */
  public Gaussian(double[] mean, double[] covariance) {
    this(mean, covariance, mean.length);
  }

  /**
   * With the covariance normalised by n - 1, whose rank is at most n - 1.
   *
   * @throws IllegalArgumentException if fewer than two rows were seen
   */
  public static Gaussian of(FeatureMoments moments) {
    return of(moments, 1);
  }

  /**
   * With the covariance normalised by n - ddof.
   *
   * @throws IllegalArgumentException if no more than ddof rows were seen
   */
  public static Gaussian of(FeatureMoments moments, int ddof) {
    return new Gaussian(moments.mean(), moments.covariance(ddof)).ofRows(moments.n());
  }

  /**
   * Of a mean and a covariance that someone else computed; the two halves are averaged.
   *
   * @param mean [d]
   * @param covariance [d][d], row after row
   * @throws IllegalArgumentException if a value is not finite, a variance is negative, or the
   *     halves differ, by more than 1e-6 of the largest variance
   */
  public static Gaussian checked(double[] mean, double[] covariance) {
    Gaussian given = new Gaussian(mean, covariance);
    double tolerance = TOLERANCE * given.largestVariance();
    int d = mean.length;
    double[] symmetric = new double[covariance.length];
    for (int i = 0; i < d; i++) {
      if (covariance[i * d + i] < -tolerance) {
        throw new IllegalArgumentException(
            "Invalid variance: %s of feature %d (must be >= 0)"
                .formatted(covariance[i * d + i], i));
      }
      for (int j = i; j < d; j++) {
        double upper = covariance[i * d + j];
        double lower = covariance[j * d + i];
        if (Math.abs(upper - lower) > tolerance) {
          throw new IllegalArgumentException(
              "Invalid covariance: %s at (%d, %d), %s at (%d, %d) (must be equal to %s)"
                  .formatted(upper, i, j, lower, j, i, tolerance));
        }
        symmetric[i * d + j] = lower + (upper - lower) / 2;
        symmetric[j * d + i] = symmetric[i * d + j];
      }
    }
    return new Gaussian(mean, symmetric);
  }

  private double largestVariance() {
    double largest = 0;
    for (int i = 0; i < mean.length; i++) {
      largest = Math.max(largest, covariance[i * mean.length + i]);
    }
    return largest;
  }

  /** The same, known to come from so many rows. */
  public Gaussian ofRows(long n) {
    return new Gaussian(mean, covariance, (int) Math.max(0, Math.min(n - 1, mean.length)));
  }

  /** The moments of {@code n} rows that have this covariance, normalised by {@code n - ddof}. */
  public FeatureMoments moments(long n, int ddof) {
    int d = mean.length;
    double[] m2 = new double[Math.toIntExact((long) d * (d + 1) / 2)];
    for (int i = 0, k = 0; i < d; i++) {
      for (int j = i; j < d; j++, k++) {
        m2[k] = covariance[i * d + j] * (n - ddof);
      }
    }
    return new FeatureMoments(n, mean, m2);
  }

  /** Number of features. */
  public int dimension() {
    return mean.length;
  }

  /** Sum of the variances. */
  public double trace() {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      sum += covariance[i * mean.length + i];
    }
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Gaussian that
        && rankBound == that.rankBound
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(covariance, that.covariance);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(mean) + Arrays.hashCode(covariance);
  }

  @Override
  public String toString() {
    return "Gaussian of " + mean.length + " features, rank at most " + rankBound;
  }

  private static void requireFinite(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "Invalid %s: %s at %d (must be finite)".formatted(name, values[i], i));
      }
    }
  }

  @Serial
  private Object writeReplace() {
    return PackedArrays.fits(covariance.length) ? PackedArrays.Normal.of(this) : this;
  }
}
