package org.gridscape.generator;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;

/**
 * The closed-form map between thumbnails of images and codes: z = C^(-1/2) (x - m), where m and C
 * are mean and covariance of the thumbnails, so that codes of images have mean 0 and covariance 1
 * (less in directions in which thumbnails hardly vary), and its inverse x = m + C^(1/2) z.
 *
 * <p>A code has the shape of a thumbnail; the roots are the symmetric ones, so that a coordinate of
 * a code stays at its pixel. Source: after Wu et al. 2019, hidden space mapping with a normal
 * reference distribution; the map is derived.
 *
 * @param shape of thumbnails and codes, d values
 * @param flat m, C^(1/2) and C^(-1/2), one after the other, d (1 + 2 d) values; not modified
 */
public record HiddenSpace(ImageShape shape, float[] flat) {
  /**
   * Directions in which thumbnails vary less than this share of the largest variance count as
   * varying so much: rounding decides about them.
   */
  private static final double SMALLEST_SHARE = 1e-6;

  /** Rejects an array that is not of this shape. */
  public HiddenSpace {
    int d = shape.size();
    if (flat.length != d * (1 + 2 * d)) {
      throw new IllegalArgumentException(
          "Invalid hidden space: %d values (must be %d for thumbnails of %s)"
              .formatted(flat.length, d * (1 + 2 * d), shape));
    }
  }

  /**
   * The space of thumbnails of given moments.
   *
   * @param mean d values
   * @param covariance d x d values
   * @throws IllegalArgumentException if all thumbnails are alike
   */
  public static HiddenSpace of(ImageShape shape, double[] mean, double[][] covariance) {
    int d = shape.size();
    EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(covariance, false));
    double[] variances = eigen.getRealEigenvalues();
    double largest = Arrays.stream(variances).max().orElseThrow();
    if (!(largest > 0)) {
      throw new IllegalArgumentException(
          "Invalid hidden space: largest variance %s of thumbnails of %s (must be > 0: images must differ)"
              .formatted(largest, shape));
    }
    float[] flat = new float[d * (1 + 2 * d)];
    for (int i = 0; i < d; i++) {
      flat[i] = (float) mean[i];
      for (int j = 0; j < d; j++) {
        double root = 0;
        double inverse = 0;
        for (int k = 0; k < d; k++) {
          double deviation = Math.sqrt(Math.max(variances[k], SMALLEST_SHARE * largest));
          double product = eigen.getV().getEntry(i, k) * eigen.getV().getEntry(j, k);
          root += product * deviation;
          inverse += product / deviation;
        }
        flat[d + i * d + j] = (float) root;
        flat[d + d * d + i * d + j] = (float) inverse;
      }
    }
    return new HiddenSpace(shape, flat);
  }

  /** The thumbnails of codes, in units of the pixel range and not bound to it. */
  public ImageBatch thumbnails(ImageBatch codes) {
    ImageBatch thumbnails = product(codes, rootAt());
    int d = shape.size();
    for (int i = 0; i < thumbnails.pixels().length; i++) {
      thumbnails.pixels()[i] += flat[i % d];
    }
    return thumbnails;
  }

  /** The codes of thumbnails. */
  public ImageBatch codes(ImageBatch thumbnails) {
    ImageBatch centred = thumbnails.copy();
    int d = shape.size();
    for (int i = 0; i < centred.pixels().length; i++) {
      centred.pixels()[i] -= flat[i % d];
    }
    return product(centred, rootAt() + d * d);
  }

  /**
   * The gradient with respect to codes of what has a gradient with respect to thumbnails.
   *
   * @param signals with respect to {@link #thumbnails}
   */
  public ImageBatch codeGradient(ImageBatch signals) {
    return product(signals, rootAt());
  }

  /** C^(1/2), row by row. */
  public float[] root() {
    int d = shape.size();
    return Arrays.copyOfRange(flat, rootAt(), rootAt() + d * d);
  }

  private int rootAt() {
    return shape.size();
  }

  /** Each vector times a symmetric matrix of {@link #flat}, summed in double. */
  private ImageBatch product(ImageBatch vectors, int matrixAt) {
    if (!vectors.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "Invalid codes or thumbnails: shape %s (must be %s)".formatted(vectors.shape(), shape));
    }
    int d = shape.size();
    ImageBatch result = ImageBatch.zeros(shape, vectors.count());
    for (int n = 0; n < vectors.count(); n++) {
      for (int i = 0; i < d; i++) {
        double sum = 0;
        for (int j = 0; j < d; j++) {
          sum += (double) flat[matrixAt + i * d + j] * vectors.pixels()[n * d + j];
        }
        result.pixels()[n * d + i] = (float) sum;
      }
    }
    return result;
  }

  /** Equal shape and bits. */
  @Override
  public boolean equals(Object other) {
    return other instanceof HiddenSpace that
        && shape.equals(that.shape)
        && Arrays.equals(flat, that.flat);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(flat);
  }

  @Override
  public String toString() {
    return "hidden space of " + shape;
  }
}
