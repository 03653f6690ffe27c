package org.gridscape.jobs;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.DataException;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardFile;
import org.gridscape.distribute.SampleCell;
import org.gridscape.distribute.Sampler;
import org.gridscape.distribute.SamplingPlan;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.gridscape.report.ContactSheet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What codes say of a model whose chains start from them: images on the way from one code to
 * another, and images made of the codes of real ones.
 *
 * @param config of the run
 * @param manifest of its images
 * @param sampler draws
 */
record CodeSheets(RunConfig config, Supplier<Manifest> manifest, Sampler sampler) {
  private static final Logger LOG = LoggerFactory.getLogger(CodeSheets.class);
  private static final int COLUMNS = 8;
  private static final int ROWS = 8;

  /** Writes both sheets, that of real images only where the data set is. */
  void write(SamplingPlan plan, ImageShape code, Path target) {
    ContactSheet sheet = ContactSheet.of(config.learning().ladder(), COLUMNS);
    sheet.write(finest(plan.of(ways(code))), PixelRange.BYTES, target.resolve("interpolation.png"));
    try {
      sheet.write(reconstructed(plan), PixelRange.BYTES, target.resolve("reconstruction.png"));
    } catch (DataException e) {
      LOG.warn("No reconstruction.png: {}", e.getMessage());
    }
  }

  /**
   * Codes on {@link #ROWS} ways between two drawn ones, cos(a) z + sin(a) z' for a from 0 to a
   * right angle, so that every one of them is drawn from N(0, I).
   */
  private ImageBatch ways(ImageShape code) {
    NoiseStream stream = NoiseStream.of(config.sampling().seed(), NoiseStream.Purpose.CODE);
    ImageBatch codes = ImageBatch.zeros(code, ROWS * COLUMNS);
    int size = code.size();
    float[] from = new float[size];
    float[] to = new float[size];
    for (int row = 0; row < ROWS; row++) {
      stream.normals(new NoiseAddress(0, 0, 1, 0, 2 * row), from);
      stream.normals(new NoiseAddress(0, 0, 1, 0, 2 * row + 1), to);
      for (int column = 0; column < COLUMNS; column++) {
        double angle = StrictMath.PI / 2 * column / (COLUMNS - 1);
        for (int i = 0; i < size; i++) {
          codes.pixels()[(row * COLUMNS + column) * size + i] =
              (float) (StrictMath.cos(angle) * from[i] + StrictMath.sin(angle) * to[i]);
        }
      }
    }
    return codes;
  }

  /**
   * Rows of held-out images, if there are any, each above what u(e(x)) makes of them, no chains;
   * the last rows are filled up with black.
   */
  private ImageBatch reconstructed(SamplingPlan plan) {
    PixelRange range = plan.langevin().range();
    ImageBatch images = real(range);
    ImageBatch codes = sampler.encode(plan, images);
    ImageBatch made = finest(plan.of(codes).withSteps(0));
    int rows = (images.count() + COLUMNS - 1) / COLUMNS;
    ImageBatch both = ImageBatch.zeros(images.shape(), 2 * rows * COLUMNS);
    int size = images.shape().size();
    for (int i = 0; i < images.count(); i++) {
      int above = i / COLUMNS * 2 * COLUMNS + i % COLUMNS;
      for (int p = 0; p < size; p++) {
        both.pixels()[above * size + p] = range.toByte(images.pixels()[i * size + p]) & 0xff;
        both.pixels()[(above + COLUMNS) * size + p] = made.pixels()[i * size + p];
      }
    }
    return both;
  }

  private ImageBatch real(PixelRange range) {
    Manifest images = manifest.get();
    List<Manifest.Shard> shards =
        images.heldOutCount() > 0 ? images.heldOutShards() : images.trainShards();
    int count = Math.min(COLUMNS * ROWS / 2, shards.get(0).rows());
    return ShardFile.first(config.data().target(), shards.get(0), count)
        .batch(IntStream.range(0, count).toArray(), range);
  }

  /** Images of the finest grid, as floats in [0, 255]. */
  private ImageBatch finest(SamplingPlan plan) {
    List<SampleCell> cells = sampler.draw(plan).collect();
    int top = config.networks().size() - 1;
    return SampleImages.batch(cells, top, config.networks().get(top).shape(), plan.count());
  }
}
