package org.gridscape.image;

/**
 * Opaque pixels of one byte a sample.
 *
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param height rows
 * @param width columns
 * @param layout in which order the samples stand
 * @param values channels x height x width unsigned bytes; not copied
 */
public record BytePixels(int channels, int height, int width, Layout layout, byte[] values)
    implements SourcePixels {

  /** An order of samples. */
  public enum Layout {
    /** Plane after plane, row after row: CHW. */
    PLANAR,
    /** Row after row, pixel after pixel: HWC. */
    INTERLEAVED
  }

  /** Rejects another number of bytes. */
  public BytePixels {
    long size = (long) channels * height * width;
    if (values.length != size) {
      throw new IllegalArgumentException(
          "Invalid pixels: %d bytes (must be %d, %dx%dx%d)"
              .formatted(values.length, size, channels, height, width));
    }
  }

  /** Grey pixels, row after row. */
  public static BytePixels grey(int height, int width, byte[] values) {
    return new BytePixels(1, height, width, Layout.PLANAR, values);
  }

  @Override
  public void readRow(int y, float background, float[] row) {
    boolean planar = layout == Layout.PLANAR;
    int sample = planar ? 1 : channels;
    for (int c = 0; c < channels; c++) {
      int from = planar ? (c * height + y) * width : y * width * channels + c;
      for (int x = 0; x < width; x++) {
        row[c * width + x] = values[from + x * sample] & 0xff;
      }
    }
  }

  @Override
  public void readOpaqueRow(int y, int from, int plane, byte[] pixels) {
    boolean planar = layout == Layout.PLANAR;
    int sample = planar ? 1 : channels;
    for (int c = 0; c < channels; c++) {
      int first = planar ? (c * height + y) * width : y * width * channels + c;
      for (int x = 0; x < width; x++) {
        pixels[from + c * plane + x] = values[first + x * sample];
      }
    }
  }
}
