package org.gridscape.metrics;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * How far a figure may be off because its rows are a sample: the delete-block jackknife (Tukey
 * 1958; Kuensch 1989 for blocks), for blocks of equal size up to a row.
 *
 * @param value of all rows
 * @param standardError of the value
 * @param bias of the value, as the jackknife estimates it: value - bias is corrected to first order
 * @param lower lower end of the 95 % interval around the value, Student's t with blocks - 1 degrees
 *     of freedom; not corrected for the bias
 * @param upper its upper end
 */
public record Jackknife(
    double value, double standardError, double bias, double lower, double upper) {
  private static final double UPPER_QUANTILE = 0.975;

  /**
   * From the value of all rows and those with one block left out.
   *
   * @param leftOut one value for each block, at least 2
   */
  public static Jackknife of(double value, double[] leftOut) {
    int blocks = leftOut.length;
    if (blocks < 2) {
      throw new IllegalArgumentException("Invalid blocks: " + blocks + " (must be >= 2)");
    }
    double mean = PairwiseSum.mean(leftOut);
    double variance =
        (blocks - 1)
            * PairwiseSum.mean(
                Arrays.stream(leftOut).map(out -> (out - mean) * (out - mean)).toArray());
    double standardError = Math.sqrt(variance);
    double half =
        standardError * new TDistribution(blocks - 1).inverseCumulativeProbability(UPPER_QUANTILE);
    return new Jackknife(
        value, standardError, (blocks - 1) * (mean - value), value - half, value + half);
  }
}
