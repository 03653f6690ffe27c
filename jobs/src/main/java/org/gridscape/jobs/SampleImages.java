package org.gridscape.jobs;

import java.util.List;
import java.util.stream.IntStream;
import org.gridscape.distribute.SampleCell;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.pyramid.GridLadder;

/** Views of sampled cells. */
final class SampleImages {
  private SampleImages() {}

  /** The first images of one grid, at most {@code limit}, as floats in [0, 255]. */
  static ImageBatch batch(List<SampleCell> cells, int grid, ImageShape shape, int limit) {
    int count = Math.min(limit, cells.stream().mapToInt(SampleCell::count).sum());
    ImageBatch images = ImageBatch.zeros(shape, count);
    int at = 0;
    for (SampleCell cell : cells) {
      byte[] bytes = cell.grids().get(grid);
      for (int i = 0; i < bytes.length && at < images.pixels().length; i++) {
        images.pixels()[at++] = PixelRange.BYTES.fromByte(bytes[i]);
      }
    }
    return images;
  }

  /** The finest grid of one cell. */
  static ImageBlock finest(SampleCell cell, ImageShape shape) {
    return block(cell, shape, cell.grids().get(cell.grids().size() - 1));
  }

  /** The 1x1 starts of one cell, replicated to full size. */
  static ImageBlock replicatedStarts(SampleCell cell, ImageShape shape) {
    ImageBatch starts = ImageBatch.zeros(shape.withSide(1), cell.count());
    for (int i = 0; i < starts.pixels().length; i++) {
      starts.pixels()[i] = PixelRange.BYTES.fromByte(cell.starts()[i]);
    }
    ImageBatch full = GridLadder.replicate(starts, shape.side());
    byte[] bytes = new byte[full.pixels().length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = PixelRange.BYTES.toByte(full.pixels()[i]);
    }
    return block(cell, shape, bytes);
  }

  private static ImageBlock block(SampleCell cell, ImageShape shape, byte[] pixels) {
    int[] labels = IntStream.range(0, cell.count()).map(i -> -1).toArray();
    List<String> ids =
        IntStream.range(cell.first(), cell.first() + cell.count())
            .mapToObj(i -> "sample-%06d".formatted(i))
            .toList();
    return new ImageBlock(shape, ids, labels, pixels);
  }
}
