package org.gridscape.evaluate;

import org.gridscape.metrics.FeatureMoments;
import org.gridscape.metrics.FrechetDistance;

/**
 * How far images are from the training images: Frechet distances in the features of one extractor,
 * with the two ends of the scale beside the figure of interest.
 *
 * <p>Each distance carries a bias that falls as 1 / n of its set: compare sets of like size.
 *
 * @param extractor name of the features, without which the figures mean nothing
 * @param samples distance of fresh samples
 * @param starts distance of what the samples started from, the replicated 1x1 images
 * @param floor distance of held-out images, which no sampler need beat
 */
public record Score(String extractor, double samples, double starts, double floor) {

  /** The distances of three sets of images to the training images. */
  public static Score of(
      String extractor,
      FeatureMoments training,
      FeatureMoments samples,
      FeatureMoments starts,
      FeatureMoments heldOut) {
    return new Score(
        extractor,
        FrechetDistance.between(training, samples).value(),
        FrechetDistance.between(training, starts).value(),
        FrechetDistance.between(training, heldOut).value());
  }
}
