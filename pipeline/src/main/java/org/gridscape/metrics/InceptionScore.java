package org.gridscape.metrics;

import java.util.Arrays;

/**
 * The Inception Score, exp of the mean Kullback-Leibler divergence of an image's class
 * probabilities from their mean (Salimans et al. 2016), over splits of the images.
 *
 * @param mean over the splits
 * @param deviation over the splits (divided by their number)
 */
public record InceptionScore(double mean, double deviation) {
  /** Splits usually taken. */
  public static final int SPLITS = 10;

  /** Seed of the usual order of the images. */
  public static final int SEED = 2020;

  /**
   * Of sums over all images.
   *
   * @throws IllegalStateException if a split has no images
   */
  public static InceptionScore of(InceptionSums sums) {
    double[] scores = sums.scores();
    double mean = PairwiseSum.mean(scores);
    double variance =
        PairwiseSum.mean(
            Arrays.stream(scores).map(score -> (score - mean) * (score - mean)).toArray());
    return new InceptionScore(mean, Math.sqrt(variance));
  }
}
