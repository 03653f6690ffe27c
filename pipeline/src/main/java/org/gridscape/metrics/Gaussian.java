package org.gridscape.metrics;

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
    return new Gaussian(
        moments.mean(), moments.covariance(), (int) Math.min(moments.n() - 1, moments.dimension()));
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
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "Invalid %s: %s (must be finite)".formatted(name, value));
      }
    }
  }
}
