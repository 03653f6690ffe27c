package org.gridscape.evaluate;

import org.gridscape.image.ImageBlock;

/**
 * Turns images into feature rows for a comparison of sets of images.
 *
 * <p>An extractor holds native memory until it is closed, serves one thread at a time and does not
 * travel: each Spark task makes its own.
 */
public interface FeatureExtractor extends AutoCloseable {

  /** Name and version, reported with every distance taken in these features. */
  String name();

  /** Features of each image. */
  int dimension();

  /** SHA-256 of the weights, 64 lower-case hexadecimal digits. */
  String sha256();

  /**
   * The features of each image, [count][dimension], in the order of the block.
   *
   * @throws IllegalArgumentException if the images have a shape that the extractor does not take
   */
  double[][] features(ImageBlock images);

  @Override
  void close();
}
