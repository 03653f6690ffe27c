package org.gridscape.image;

/**
 * Opaque grey pixels of one byte each.
 *
 * @param height rows
 * @param width columns
 * @param values height x width unsigned bytes; not copied
 */
public record GreyPixels(int height, int width, byte[] values) implements SourcePixels {

  @Override
  public int channels() {
    return 1;
  }

  @Override
  public void readRow(int y, float background, float[] row) {
    for (int x = 0; x < width; x++) {
      row[x] = values[y * width + x] & 0xff;
    }
  }

  @Override
  public void readOpaqueRow(int y, int from, int plane, byte[] pixels) {
    System.arraycopy(values, y * width, pixels, from, width);
  }
}
