package org.gridscape.metrics;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * How far a figure may be off because its rows are a sample: the delete-a-block jackknife for
 * blocks of any sizes (Busing, Meijer and van der Leeden, "Delete-m jackknife for unequal m",
 * 1999). A bias that falls as one over the rows does not enter the standard error, whatever the
 * sizes.
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
   * @param sizes rows of each block
   */
  public static Jackknife of(double value, double[] leftOut, int[] sizes) {
    int blocks = leftOut.length;
    if (blocks < 2 || sizes.length != blocks || Arrays.stream(sizes).anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException(
          "Invalid blocks: %d values, sizes %s (must be >= 2 values and as many sizes >= 1)"
              .formatted(blocks, Arrays.toString(sizes)));
    }
    double rows = Arrays.stream(sizes).asLongStream().sum();
    double[] corrections = new double[blocks];
    Arrays.setAll(corrections, j -> (1 - sizes[j] / rows) * (value - leftOut[j]));
    // Sum of (1 - m / n) is blocks - 1.
    double corrected = value + blocks * PairwiseSum.mean(corrections);
    double[] squares = new double[blocks];
    for (int j = 0; j < blocks; j++) {
      double others = rows / sizes[j] - 1;
      double pseudo = value + others * (value - leftOut[j]);
      squares[j] = (pseudo - corrected) * (pseudo - corrected) / others;
    }
    double standardError = Math.sqrt(PairwiseSum.mean(squares));
    double half =
        standardError * new TDistribution(blocks - 1).inverseCumulativeProbability(UPPER_QUANTILE);
    return new Jackknife(value, standardError, value - corrected, value - half, value + half);
  }
}
