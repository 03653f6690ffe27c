package org.gridscape.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.ModelState;
import org.gridscape.distribute.SampleCell;
import org.gridscape.distribute.Sampler;
import org.gridscape.distribute.SamplingPlan;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.ChainStart;
import org.gridscape.report.ContactSheet;

/** Draws new images from the moving average of a model and writes them in every form. */
final class SamplingJob implements AutoCloseable {
  private static final int SINGLE_IMAGES = 64;
  private static final int CELLS_A_FILE = 256;

  private final SparkSession spark;
  private final RunConfig config;
  private final RunFolder folder;
  private final Supplier<Manifest> manifest;
  private final Sampler sampler;

  /**
   * A job for one run.
   *
   * @param manifest of its images; asked for only where chains start from their colours, and for
   *     pictures of real images
   */
  SamplingJob(SparkSession spark, RunConfig config, RunFolder folder, Supplier<Manifest> manifest) {
    this.spark = spark;
    this.config = config;
    this.folder = folder;
    this.manifest = manifest;
    sampler = new Sampler(JavaSparkContext.fromSparkContext(spark.sparkContext()));
  }

  /** New images in order of their numbers; image i is the same for every count. */
  JavaRDD<SampleCell> draw(ModelState state, int count) {
    return sampler.draw(plan(config, manifest, state, count));
  }

  /** How new images of a run are drawn from the moving average of a state. */
  static SamplingPlan plan(
      RunConfig config, Supplier<Manifest> manifest, ModelState state, int count) {
    return new SamplingPlan(
        config.networks(),
        config.generator(),
        state.average(),
        config.engine(),
        config.samplingChains(state.recovery()),
        start(config, manifest, state),
        config.cellSize(),
        count,
        config.sampling().seed());
  }

  private static SamplingPlan.SampleStart start(
      RunConfig config, Supplier<Manifest> manifest, ModelState state) {
    if (state.hidden().isPresent()) {
      return new SamplingPlan.SampleStart.Hidden(state.hidden().get().flat());
    }
    return config.learning().start() instanceof ChainStart.MinimalImage
        ? new SamplingPlan.SampleStart.Colours(
            manifest.get().colours(config.data().target()), config.sampling().jitter())
        : new SamplingPlan.SampleStart.Noise();
  }

  /**
   * Draws the configured number of images and writes {@code samples/final}: a contact sheet a grid,
   * the first images as PNG, all of them as Parquet, and f of each on every grid; where chains
   * start from codes, also {@code interpolation.png} and {@code reconstruction.png}.
   *
   * @return seconds that drawing took, writing left out
   */
  double write(ModelState state) {
    JavaRDD<SampleCell> cells =
        draw(state, config.sampling().count()).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long start = System.nanoTime();
      cells.count();
      double seconds = (System.nanoTime() - start) * 1e-9;
      Path target = folder.samples().resolve("final");
      writeParquet(cells, target.resolve("samples.parquet"));
      writeEnergies(cells, target.resolve("energies.csv"));
      int shown = Math.max(config.sampling().sheet(), SINGLE_IMAGES);
      List<SampleCell> first = cells.take((shown + config.cellSize() - 1) / config.cellSize());
      new TrainingSheets(spark, config, folder, manifest).write(first, target);
      writeImages(first, target.resolve("images"));
      if (state.hidden().isPresent()) {
        new CodeSheets(config, manifest, sampler)
            .write(
                plan(config, manifest, state, config.sampling().count()),
                state.hidden().get().shape(),
                target);
      }
      return seconds;
    } finally {
      cells.unpersist();
    }
  }

  private void writeParquet(JavaRDD<SampleCell> cells, Path file) {
    List<ImageShape> shapes = shapes();
    StructType schema =
        new StructType()
            .add("image", DataTypes.IntegerType, false)
            .add("channels", DataTypes.IntegerType, false);
    for (ImageShape shape : shapes) {
      schema =
          schema
              .add("f_grid_" + shape.side(), DataTypes.FloatType, false)
              .add("pixels_grid_" + shape.side(), DataTypes.BinaryType, false);
    }
    int files = 1 + cells.getNumPartitions() / CELLS_A_FILE;
    JavaRDD<Row> rows = cells.coalesce(files).flatMap(cell -> rows(cell, shapes).iterator());
    spark.createDataFrame(rows, schema).write().mode(SaveMode.Overwrite).parquet(file.toString());
  }

  private static List<Row> rows(SampleCell cell, List<ImageShape> shapes) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < cell.count(); i++) {
      List<Object> values = new ArrayList<>();
      values.add(cell.first() + i);
      values.add(shapes.get(0).channels());
      for (int grid = 0; grid < shapes.size(); grid++) {
        int size = shapes.get(grid).size();
        values.add(cell.values().get(grid)[i]);
        values.add(java.util.Arrays.copyOfRange(cell.grids().get(grid), i * size, (i + 1) * size));
      }
      rows.add(RowFactory.create(values.toArray()));
    }
    return rows;
  }

  private void writeEnergies(JavaRDD<SampleCell> cells, Path file) {
    String header =
        shapes().stream()
            .map(shape -> "grid_" + shape.side())
            .collect(Collectors.joining(",", "image,", "\n"));
    StringBuilder text = new StringBuilder(header);
    cells.map(SamplingJob::energyLines).collect().forEach(text::append);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }

  private static String energyLines(SampleCell cell) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < cell.count(); i++) {
      lines.append("sample-%06d".formatted(cell.first() + i));
      for (float[] values : cell.values()) {
        lines.append(',').append(values[i]);
      }
      lines.append('\n');
    }
    return lines.toString();
  }

  private void writeImages(List<SampleCell> cells, Path target) {
    List<ImageShape> shapes = shapes();
    int finest = shapes.size() - 1;
    ImageBatch images = SampleImages.batch(cells, finest, shapes.get(finest), SINGLE_IMAGES);
    for (int i = 0; i < images.count(); i++) {
      ContactSheet.writeImage(
          images, i, PixelRange.BYTES, target.resolve("sample-%06d.png".formatted(i)));
    }
  }

  private List<ImageShape> shapes() {
    return config.networks().stream().map(network -> network.shape()).toList();
  }

  @Override
  public void close() {
    sampler.close();
  }
}
