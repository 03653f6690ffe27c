package org.gridscape.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.PixelRange;
import org.gridscape.pyramid.GridLadder;

/**
 * The layout of a picture of many images: tiles in rows, with a thin light gap between them.
 *
 * <p>Images are scaled up to the tile by replication, so that the sheets of all grids of a run have
 * the same size. Equal input gives equal bytes.
 *
 * @param columns tiles in a row, at least 1
 * @param tileSide side of a tile in pixels, a multiple of the side of every image shown
 */
public record ContactSheet(int columns, int tileSide) {

  private static final int GAP = 4;
  private static final int GAP_COLOUR = 0xd0;
  private static final int LEAST_TILE_SIDE = 64;

  /** Rejects layouts without a tile. */
  public ContactSheet {
    if (columns < 1) {
      throw new IllegalArgumentException("Invalid sheet columns: " + columns + " (must be >= 1)");
    }
    if (tileSide < 1) {
      throw new IllegalArgumentException("Invalid tile side: " + tileSide + " (must be >= 1)");
    }
  }

  /**
   * The layout that fits all grids of a ladder: tiles of the least multiple of the top side that is
   * at least 64 pixels.
   */
  public static ContactSheet of(GridLadder ladder, int columns) {
    int top = ladder.topSide();
    return new ContactSheet(columns, top * ceilDiv(LEAST_TILE_SIDE, top));
  }

  /**
   * The sheet of a batch as a PNG file's bytes, grey or colour as the images are.
   *
   * @param images grey or colour, in {@code range}; values outside it show as the nearer end
   */
  public byte[] png(ImageBatch images, PixelRange range) {
    int rows = ceilDiv(images.count(), columns);
    int step = tileSide + GAP;
    BufferedImage sheet = canvas(images, columns * step + GAP, rows * step + GAP);
    byte[] background = new byte[sheet.getWidth() * sheet.getRaster().getNumBands()];
    Arrays.fill(background, (byte) GAP_COLOUR);
    for (int y = 0; y < sheet.getHeight(); y++) {
      sheet.getRaster().setDataElements(0, y, sheet.getWidth(), 1, background);
    }
    for (int i = 0; i < images.count(); i++) {
      int left = GAP + i % columns * step;
      draw(images, i, range, sheet, left, GAP + i / columns * step, tileSide);
    }
    return encode(sheet);
  }

  /** Writes {@link #png} to a file, making its folder where it is missing. */
  public void write(ImageBatch images, PixelRange range, Path file) {
    store(png(images, range), file);
  }

  /** One image of a batch in its own size, as a PNG file's bytes. */
  public static byte[] imagePng(ImageBatch images, int index, PixelRange range) {
    int side = images.shape().side();
    BufferedImage picture = canvas(images, side, side);
    draw(images, index, range, picture, 0, 0, side);
    return encode(picture);
  }

  /** Writes {@link #imagePng} to a file, making its folder where it is missing. */
  public static void writeImage(ImageBatch images, int index, PixelRange range, Path file) {
    store(imagePng(images, index, range), file);
  }

  private static int ceilDiv(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  private static BufferedImage canvas(ImageBatch images, int width, int height) {
    boolean grey = images.shape().channels() == 1;
    int type = grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR;
    return new BufferedImage(width, height, type);
  }

  private static void draw(
      ImageBatch images,
      int index,
      PixelRange range,
      BufferedImage sheet,
      int left,
      int top,
      int tile) {
    int side = images.shape().side();
    int channels = images.shape().channels();
    if (tile % side != 0) {
      throw new IllegalArgumentException(
          "Invalid tile side: %d (must be a multiple of image side %d)".formatted(tile, side));
    }
    int scale = tile / side;
    // Rasters take samples band by band: red, green, blue, whatever the order in memory.
    for (int channel = 0; channel < channels; channel++) {
      int plane = (index * channels + channel) * side * side;
      for (int y = 0; y < tile; y++) {
        for (int x = 0; x < tile; x++) {
          float value = images.pixels()[plane + y / scale * side + x / scale];
          sheet.getRaster().setSample(left + x, top + y, channel, range.toByte(value) & 0xff);
        }
      }
    }
  }

  private static byte[] encode(BufferedImage picture) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(picture, "png", bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot encode picture: " + e.getMessage(), e);
    }
  }

  private static void store(byte[] png, Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, png);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
