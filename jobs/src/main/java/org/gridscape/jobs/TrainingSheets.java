package org.gridscape.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardFile;
import org.gridscape.distribute.ModelState;
import org.gridscape.distribute.SampleCell;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.PixelRange;
import org.gridscape.pyramid.GridLadder;
import org.gridscape.report.ContactSheet;

/**
 * The contact sheets of a training run: real images once, new ones of the same starts and noise
 * again and again.
 */
final class TrainingSheets {
  private final SparkSession spark;
  private final RunConfig config;
  private final RunFolder folder;
  private final Supplier<Manifest> manifest;
  private final ContactSheet sheet;

  TrainingSheets(
      SparkSession spark, RunConfig config, RunFolder folder, Supplier<Manifest> manifest) {
    this.spark = spark;
    this.config = config;
    this.folder = folder;
    this.manifest = manifest;
    int columns = (int) Math.ceil(Math.sqrt(config.sampling().sheet()));
    sheet = ContactSheet.of(config.learning().ladder(), columns);
  }

  /** Real images of the training split on every grid, unless they are there. */
  void observed() {
    Path observed = folder.samples().resolve("observed");
    List<Integer> sides = config.learning().ladder().gridSides();
    if (sides.stream().allMatch(side -> Files.exists(observed.resolve(sheetName(side))))) {
      return;
    }
    Manifest.Shard shard = manifest.get().trainShards().get(0);
    int count = Math.min(config.sampling().sheet(), shard.rows());
    PixelRange range = config.learning().langevin().range();
    ImageBatch images =
        ShardFile.first(config.data().target(), shard, count)
            .batch(IntStream.range(0, count).toArray(), range);
    for (int side : sides) {
      sheet.write(GridLadder.average(images, side), range, observed.resolve(sheetName(side)));
    }
  }

  /** New images drawn from the moving average, as many as fit a sheet. */
  void synthesized(ModelState state) {
    int count = config.sampling().sheet();
    try (SamplingJob sampling = new SamplingJob(spark, config, folder, manifest)) {
      write(
          sampling.draw(state, count).collect(),
          folder.samples().resolve("iteration-%08d".formatted(state.iteration())));
    }
  }

  /** One sheet a grid of the first cells. */
  void write(List<SampleCell> cells, Path target) {
    for (int grid = 0; grid < config.networks().size(); grid++) {
      ImageBatch images =
          SampleImages.batch(
              cells, grid, config.networks().get(grid).shape(), config.sampling().sheet());
      sheet.write(images, PixelRange.BYTES, target.resolve(sheetName(images.shape().side())));
    }
  }

  private static String sheetName(int side) {
    return "grid-" + side + ".png";
  }
}
