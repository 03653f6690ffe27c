package org.gridscape.pyramid;

import java.io.Serializable;
import java.util.List;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;

/**
 * The image sides of a multi-grid model, from the minimal image (1x1) to full resolution.
 *
 * <p>Each side divides the next; the ratios need not be equal. Every side but the first carries a
 * network. Source: Gao et al. 2018 (ladder 1, 4, 16, 64); other ratios are derived.
 *
 * @param sides ascending, first 1, at least two
 */
public record GridLadder(List<Integer> sides) implements Serializable {

  /** Rejects sides that do not form a ladder. */
  public GridLadder {
    sides = List.copyOf(sides);
    boolean valid = sides.size() >= 2 && sides.get(0) == 1;
    for (int i = 1; valid && i < sides.size(); i++) {
      valid = sides.get(i) > sides.get(i - 1) && sides.get(i) % sides.get(i - 1) == 0;
    }
    if (!valid) {
      throw new IllegalArgumentException(
          "Invalid grid sides: " + sides + " (must start at 1, ascend, each dividing the next)");
    }
  }

  /** The sides that carry a network, coarse to fine: all but the minimal image. */
  public List<Integer> gridSides() {
    return sides.subList(1, sides.size());
  }

  /** Number of grids that carry a network. */
  public int grids() {
    return sides.size() - 1;
  }

  /** The side of the finest grid. */
  public int topSide() {
    return sides.get(sides.size() - 1);
  }

  /**
   * Averages non-overlapping blocks of pixels, channel by channel.
   *
   * @param images not modified
   * @param side divides the side of {@code images}
   * @return a new batch at {@code side}; sums are taken in double, so that averaging in one go and
   *     in several agree to rounding
   */
  public static ImageBatch average(ImageBatch images, int side) {
    ImageShape shape = images.shape();
    int ratio = ratio(shape.side(), side);
    ImageBatch coarse = ImageBatch.zeros(shape.withSide(side), images.count());
    int planes = images.count() * shape.channels();
    double scale = 1.0 / ((double) ratio * ratio);
    for (int plane = 0; plane < planes; plane++) {
      for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
          double sum = 0;
          for (int dy = 0; dy < ratio; dy++) {
            int row = (plane * shape.side() + y * ratio + dy) * shape.side() + x * ratio;
            for (int dx = 0; dx < ratio; dx++) {
              sum += images.pixels()[row + dx];
            }
          }
          coarse.pixels()[(plane * side + y) * side + x] = (float) (sum * scale);
        }
      }
    }
    return coarse;
  }

  /**
   * Repeats each pixel in a constant block.
   *
   * @param images not modified
   * @param side a multiple of the side of {@code images}
   * @return a new batch at {@code side}, whose block averages are {@code images} again
   */
  public static ImageBatch replicate(ImageBatch images, int side) {
    ImageShape shape = images.shape();
    int ratio = ratio(side, shape.side());
    ImageBatch fine = ImageBatch.zeros(shape.withSide(side), images.count());
    int planes = images.count() * shape.channels();
    for (int plane = 0; plane < planes; plane++) {
      for (int y = 0; y < side; y++) {
        int from = (plane * shape.side() + y / ratio) * shape.side();
        int to = (plane * side + y) * side;
        for (int x = 0; x < side; x++) {
          fine.pixels()[to + x] = images.pixels()[from + x / ratio];
        }
      }
    }
    return fine;
  }

  private static int ratio(int fineSide, int coarseSide) {
    if (coarseSide < 1 || fineSide % coarseSide != 0) {
      throw new IllegalArgumentException(
          "Invalid grid side: %d (must divide %d)".formatted(coarseSide, fineSide));
    }
    return fineSide / coarseSide;
  }
}
