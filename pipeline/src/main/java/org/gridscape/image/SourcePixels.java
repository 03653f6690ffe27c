package org.gridscape.image;

/**
 * Decoded pixels of any size, read row by row as floats, so that a large photograph is never held
 * twice.
 */
public sealed interface SourcePixels permits BytePixels, BufferedPixels {

  /** Colour planes of a row: 1 (grey) or 3 (red, green, blue). */
  int channels();

  /** Rows. */
  int height();

  /** Columns. */
  int width();

  /**
   * Writes one row, plane after plane.
   *
   * @param y row, from the top
   * @param background grey level, 0 to 255, that shows through transparent pixels
   * @param row receives channels x width values in [0, 255]
   */
  void readRow(int y, float background, float[] row);

  /**
   * Writes one row as PIL's {@code convert("RGB")} gives it: transparent pixels in the colour they
   * hide, of samples of 16 bits the upper 8, where PIL turns all grey above 255 white. A grey image
   * stays grey.
   *
   * @param y row, from the top
   * @param from where the row begins in {@code pixels}
   * @param plane distance of one plane from the next in {@code pixels}
   * @param pixels receives channels x width unsigned bytes
   */
  void readOpaqueRow(int y, int from, int plane, byte[] pixels);
}
