package org.gridscape.image;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Images under computation: floats in some {@link PixelRange}, laid out [count, channels, side,
 * side] (NCHW, row-major).
 *
 * <p>The array is not copied: whoever holds the batch may change it in place, and methods say when
 * they do.
 *
 * @param shape shape of each image
 * @param count images, at least 1
 * @param pixels count x shape.size() values
 */
public record ImageBatch(ImageShape shape, int count, float[] pixels) implements Serializable {

  /** Rejects an array whose length does not fit. */
  public ImageBatch {
    if (count < 1) {
      throw new IllegalArgumentException("Invalid image count: " + count + " (must be >= 1)");
    }
    if (pixels.length != count * shape.size()) {
      throw new IllegalArgumentException(
          "Invalid pixels: %d values (must be %d images of %s, %d values)"
              .formatted(pixels.length, count, shape, count * shape.size()));
    }
  }

  /** A batch of zeros. */
  public static ImageBatch zeros(ImageShape shape, int count) {
    return new ImageBatch(shape, count, new float[count * shape.size()]);
  }

  /** A copy that shares nothing with this batch. */
  public ImageBatch copy() {
    return new ImageBatch(shape, count, pixels.clone());
  }

  /** Mirrors one image left to right, in place. */
  public void mirror(int image) {
    int side = shape.side();
    int end = (image + 1) * shape.size();
    for (int row = image * shape.size(); row < end; row += side) {
      for (int x = 0; x < side / 2; x++) {
        float left = pixels[row + x];
        pixels[row + x] = pixels[row + side - 1 - x];
        pixels[row + side - 1 - x] = left;
      }
    }
  }

  /** The images [from, to) as a batch of their own. */
  public ImageBatch slice(int from, int to) {
    return new ImageBatch(
        shape, to - from, Arrays.copyOfRange(pixels, from * shape.size(), to * shape.size()));
  }

  /** Equal shape, count and bits of every pixel. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ImageBatch that
        && shape.equals(that.shape)
        && count == that.count
        && Arrays.equals(pixels, that.pixels);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(pixels);
  }

  @Override
  public String toString() {
    return count + " images of " + shape;
  }
}
