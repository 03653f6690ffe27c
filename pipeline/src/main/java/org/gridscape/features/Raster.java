package org.gridscape.features;

import java.io.Serializable;
import org.gridscape.image.SourcePixels;

/**
 * An image of any size as a set of features sees it: unsigned bytes, plane after plane.
 *
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param height rows
 * @param width columns
 * @param pixels channels x height x width unsigned bytes; not copied
 */
public record Raster(int channels, int height, int width, byte[] pixels) implements Serializable {

  /** Rejects components that contradict each other. */
  public Raster {
    if ((channels != 1 && channels != 3)
        || height < 1
        || width < 1
        || pixels.length != (long) channels * height * width) {
      throw new IllegalArgumentException(
          "Invalid raster: %d channels, %dx%d, %d bytes (must be 1 or 3 channels, at least 1x1, a byte a sample)"
              .formatted(channels, height, width, pixels.length));
    }
  }

  /**
   * A decoded image in bytes; samples are rounded, transparent pixels stand before {@code
   * background}.
   *
   * @param background grey level, 0 to 255
   */
  public static Raster of(SourcePixels image, float background) {
    int channels = image.channels();
    int height = image.height();
    int width = image.width();
    byte[] pixels = new byte[channels * height * width];
    float[] row = new float[channels * width];
    for (int y = 0; y < height; y++) {
      image.readRow(y, background, row);
      for (int c = 0; c < channels; c++) {
        for (int x = 0; x < width; x++) {
          pixels[(c * height + y) * width + x] = (byte) Math.round(row[c * width + x]);
        }
      }
    }
    return new Raster(channels, height, width, pixels);
  }

  /**
   * A decoded image as the tools that compute the FID read it, by PIL's {@code convert("RGB")}:
   * transparent pixels in the colour they hide, of samples of 16 bits the upper 8, where PIL turns
   * all grey above 255 white.
   */
  public static Raster ofOpaque(SourcePixels image) {
    int plane = image.height() * image.width();
    byte[] pixels = new byte[Math.multiplyExact(image.channels(), plane)];
    for (int y = 0; y < image.height(); y++) {
      image.readOpaqueRow(y, y * image.width(), plane, pixels);
    }
    return new Raster(image.channels(), image.height(), image.width(), pixels);
  }
}
