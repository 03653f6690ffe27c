package org.gridscape.metrics;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * A Frechet distance extrapolated to infinitely many images: ordinary least squares of distances on
 * 1 / N (Chong and Forsyth, "Effectively Unbiased FID and Inception Score and where to find them",
 * 2020).
 *
 * @param intercept the distance at 1 / N = 0
 * @param slope the bias of one image, distance times images
 * @param rSquared share of the distances' variance that the line explains, 1 if they do not vary
 * @param lower lower end of the 95 % interval of the intercept under Student's t; the points share
 *     rows, so it is too narrow rather than too wide
 * @param upper its upper end
 */
public record FidInfinity(
    double intercept, double slope, double rSquared, double lower, double upper) {
  private static final double UPPER_QUANTILE = 0.975;

  /**
   * Distances of generated sets of several sizes to one reference. The reference's own bias stays.
   *
   * @param sizes rows of each generated set, at least 3 sets and two sizes
   * @param distances of each set
   */
  public static FidInfinity oneSided(int[] sizes, double[] distances) {
    return of(sizes.length, i -> inverse(sizes[i]), distances);
  }

  /**
   * Distances with both sides growing, on 1 / N + 1 / M, to which the bias is proportional to first
   * order (derived).
   *
   * @param generated rows N of each generated set
   * @param reference rows M of each reference
   * @param distances of each pair
   */
  public static FidInfinity twoSided(int[] generated, int[] reference, double[] distances) {
    if (generated.length != reference.length) {
      throw new IllegalArgumentException(
          "Invalid sizes: %d generated and %d of references (must be as many)"
              .formatted(generated.length, reference.length));
    }
    return of(generated.length, i -> inverse(generated[i]) + inverse(reference[i]), distances);
  }

  private static FidInfinity of(int points, IntToDoubleFunction inverse, double[] distances) {
    if (points != distances.length || points < 3) {
      throw new IllegalArgumentException(
          "Invalid points: %d sizes and %d distances (must be as many, >= 3)"
              .formatted(points, distances.length));
    }
    double[] x = new double[points];
    Arrays.setAll(x, inverse);
    if (Arrays.stream(x).allMatch(value -> value == x[0])) {
      throw new IllegalArgumentException(
          "Invalid points: all of one size (must be at least two sizes)");
    }
    double meanX = PairwiseSum.mean(x);
    double meanY = PairwiseSum.mean(distances);
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < points; i++) {
      xx += (x[i] - meanX) * (x[i] - meanX);
      xy += (x[i] - meanX) * (distances[i] - meanY);
      yy += (distances[i] - meanY) * (distances[i] - meanY);
    }
    double slope = xy / xx;
    double intercept = meanY - slope * meanX;
    double residual = 0;
    for (int i = 0; i < points; i++) {
      double error = distances[i] - intercept - slope * x[i];
      residual += error * error;
    }
    double standardError = Math.sqrt(residual / (points - 2) * (1.0 / points + meanX * meanX / xx));
    double half =
        standardError * new TDistribution(points - 2).inverseCumulativeProbability(UPPER_QUANTILE);
    return new FidInfinity(
        intercept, slope, yy == 0 ? 1 : 1 - residual / yy, intercept - half, intercept + half);
  }

  private static double inverse(int size) {
    if (size < 2) {
      throw new IllegalArgumentException("Invalid size: " + size + " (must be >= 2)");
    }
    return 1.0 / size;
  }
}
