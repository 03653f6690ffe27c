package org.gridscape.image;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Brings decoded images of any size and colour to one {@link ImageShape} of unsigned bytes.
 *
 * <p>Transparent pixels are composited on the background; colour becomes grey by the luma of Rec.
 * 601 (0.299, 0.587, 0.114), grey becomes colour by repetition; values are rounded once, at the
 * end.
 *
 * @param shape the shape of the result
 * @param fit what happens to other sizes
 * @param background grey level behind transparent pixels and in padded borders, 0 to 255
 */
public record ImageFitting(ImageShape shape, ImageFit fit, int background) implements Serializable {

  /** Rejects a background that is no byte. */
  public ImageFitting {
    if (background < 0 || background > 255) {
      throw new IllegalArgumentException(
          "Invalid background: " + background + " (must be 0 to 255)");
    }
  }

  /**
   * The fitted image, shape.size() unsigned bytes in CHW.
   *
   * @throws IllegalArgumentException if the image is too large to be padded
   */
  public byte[] apply(SourcePixels image) {
    int side = shape.side();
    int height = image.height();
    int width = image.width();
    return switch (fit) {
      case PAD -> {
        rejectLarger(height, width);
        yield place(resample(image, new Window(0, 0, height, width), height, width), height, width);
      }
      case CROP -> {
        int square = Math.min(height, width);
        Window centre = new Window((height - square) / 2, (width - square) / 2, square, square);
        yield place(resample(image, centre, side, side), side, side);
      }
      case RESIZE ->
          place(resample(image, new Window(0, 0, height, width), side, side), side, side);
    };
  }

  private record Window(int top, int left, int height, int width) {}

  private void rejectLarger(int height, int width) {
    if (height > shape.side() || width > shape.side()) {
      throw new IllegalArgumentException(
          "Invalid image size: %dx%d (must be at most %dx%d to be padded)"
              .formatted(height, width, shape.side(), shape.side()));
    }
  }

  private float[][] resample(SourcePixels image, Window window, int height, int width) {
    Resampling across = Resampling.of(window.width(), width);
    Resampling down = Resampling.of(window.height(), height);
    float[] row = new float[image.channels() * image.width()];
    float[] narrow = new float[width];
    float[][] planes = new float[image.channels()][height * width];
    for (int y = 0; y < window.height(); y++) {
      image.readRow(window.top() + y, background, row);
      for (int c = 0; c < planes.length; c++) {
        across.apply(row, c * image.width() + window.left(), narrow, 0);
        addRow(narrow, down, y, planes[c]);
      }
    }
    return planes;
  }

  private static void addRow(float[] row, Resampling down, int y, float[] plane) {
    for (int out = 0; out < down.first().length; out++) {
      float weight = down.weight(out, y);
      for (int x = 0; weight != 0 && x < row.length; x++) {
        plane[out * row.length + x] += weight * row[x];
      }
    }
  }

  private byte[] place(float[][] planes, int height, int width) {
    int side = shape.side();
    byte[] pixels = new byte[shape.size()];
    Arrays.fill(pixels, (byte) background);
    int corner = (side - height) / 2 * side + (side - width) / 2;
    for (int c = 0; c < shape.channels(); c++) {
      for (int p = 0; p < height * width; p++) {
        float value = shape.channels() == 1 ? luma(planes, p) : planes[c % planes.length][p];
        pixels[c * side * side + corner + p / width * side + p % width] =
            PixelRange.BYTES.toByte(value);
      }
    }
    return pixels;
  }

  private static float luma(float[][] planes, int p) {
    return planes.length == 1
        ? planes[0][p]
        : 0.299f * planes[0][p] + 0.587f * planes[1][p] + 0.114f * planes[2][p];
  }
}
