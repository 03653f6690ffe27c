package org.gridscape.report;

/**
 * The Frechet distance of fresh samples at one iteration.
 *
 * @param extractor name of the network whose features were compared
 * @param samples images drawn, at least 1
 * @param distance to the reference, finite
 * @param lower lower end of the 95 % interval, finite
 * @param upper its upper end, finite
 * @param meanDistance ||mu1 - mu2|| of the mean features of samples and reference, the response
 *     distance in a feature space that stays as it is; not negative, NaN where it is not known
 */
public record SampleScore(
    String extractor,
    int samples,
    double distance,
    double lower,
    double upper,
    double meanDistance) {

  /** Rejects scores of nothing and those that no distance has. */
  public SampleScore {
    if (extractor.isBlank()) {
      throw new IllegalArgumentException(
          "Invalid extractor: \"%s\" (must not be blank)".formatted(extractor));
    }
    if (samples < 1) {
      throw new IllegalArgumentException("Invalid samples: %d (must be >= 1)".formatted(samples));
    }
    if (!Double.isFinite(distance)) {
      throw new IllegalArgumentException(
          "Invalid distance: %s (must be finite)".formatted(distance));
    }
    if (!(lower <= upper) || !Double.isFinite(lower) || !Double.isFinite(upper)) {
      throw new IllegalArgumentException(
          "Invalid interval: %s to %s (must be finite and ascend)".formatted(lower, upper));
    }
    if (meanDistance < 0 || Double.isInfinite(meanDistance)) {
      throw new IllegalArgumentException(
          "Invalid distance of means: %s (must be finite and >= 0)".formatted(meanDistance));
    }
  }

  /** Whether both are of the same extractor and as many samples. */
  boolean comparesWith(SampleScore other) {
    return extractor.equals(other.extractor) && samples == other.samples;
  }
}
