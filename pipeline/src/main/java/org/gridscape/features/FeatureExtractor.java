package org.gridscape.features;

import java.util.List;

/**
 * Turns images into features for a comparison of sets of images.
 *
 * <p>An extractor holds native memory until it is closed, serves one thread at a time and does not
 * travel: each Spark task opens its own from an {@link ExtractorSpec}.
 */
public interface FeatureExtractor extends AutoCloseable {

  /** What it is. */
  ExtractorIdentity identity();

  /** Where it computes: {@code cpu} or {@code cuda}; no part of what it is. */
  default String device() {
    return "cpu";
  }

  /**
   * The features of each image, in order; equal lists give equal bits on one kind of processor.
   *
   * @throws IllegalArgumentException if an image has a shape that the extractor does not take
   */
  FeatureBatch extract(List<Raster> images);

  @Override
  void close();
}
