package org.gridscape.distribute;

import java.util.Arrays;
import org.gridscape.generator.Generator;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;

/** Finds the codes of images, a cell at a time. Runs on executors. */
final class EncodeTask {
  private EncodeTask() {}

  /** One code an image. */
  static ImageBatch codes(SamplingPlan plan, ImageBatch images) {
    return Engines.use(
        plan.engine(),
        plan.networks(),
        plan.generator(),
        plan.parameters().arrays(),
        engines ->
            codes(
                engines.generator(plan.space(), plan.langevin().range()).orElseThrow(),
                plan.cellSize(),
                images));
  }

  /** In batches of one size, for which the engines are compiled once; the last is filled up. */
  private static ImageBatch codes(Generator generator, int cellSize, ImageBatch images) {
    int size = images.shape().size();
    int cells = (images.count() + cellSize - 1) / cellSize;
    float[] filled = Arrays.copyOf(images.pixels(), cells * cellSize * size);
    ImageBatch whole = new ImageBatch(images.shape(), cells * cellSize, filled);
    ImageShape shape = generator.codeShape();
    ImageBatch codes = ImageBatch.zeros(shape, cells * cellSize);
    for (int cell = 0; cell < cells; cell++) {
      ImageBatch found = generator.encode(whole.slice(cell * cellSize, (cell + 1) * cellSize));
      System.arraycopy(
          found.pixels(), 0, codes.pixels(), cell * cellSize * shape.size(), found.pixels().length);
    }
    return codes.slice(0, images.count());
  }
}
