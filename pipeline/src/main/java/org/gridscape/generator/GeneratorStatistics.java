package org.gridscape.generator;

import java.io.Serializable;

/**
 * Sums of what the generator's losses showed, over images; add sums of other images with {@link
 * #plus}. Squared errors are summed over the values and grids of an image; those of a loss of
 * weight 0 are not computed and 0.
 *
 * @param images number of images; 0 if there is no generator
 * @param match squared error of upsampled observed images
 * @param teach squared error of upsampled results of chains
 * @param reconstruct squared error of images given back from their codes
 * @param code squared error of the codes of chains' results
 * @param normal distance of the observed images' codes to N(0, I), each image with the mean of its
 *     cell
 */
public record GeneratorStatistics(
    long images, double match, double teach, double reconstruct, double code, double normal)
    implements Serializable {

  /** Sums over nothing. */
  public static final GeneratorStatistics EMPTY = new GeneratorStatistics(0, 0, 0, 0, 0, 0);

  /** Sums over the images of both. */
  public GeneratorStatistics plus(GeneratorStatistics other) {
    return new GeneratorStatistics(
        images + other.images,
        match + other.match,
        teach + other.teach,
        reconstruct + other.reconstruct,
        code + other.code,
        normal + other.normal);
  }
}
