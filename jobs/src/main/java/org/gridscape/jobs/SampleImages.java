package org.gridscape.jobs;

import java.util.List;
import org.gridscape.distribute.SampleCell;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;

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
}
