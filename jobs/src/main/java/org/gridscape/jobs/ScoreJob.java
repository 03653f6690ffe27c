package org.gridscape.jobs;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardFile;
import org.gridscape.distribute.SampleCell;
import org.gridscape.evaluate.Score;
import org.gridscape.features.ClassifierFeatures;
import org.gridscape.features.Raster;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.ImageShape;
import org.gridscape.metrics.FeatureMoments;
import org.gridscape.metrics.FeatureRows;
import org.gridscape.metrics.FrechetDistance;

/**
 * Measures samples in the features of the shipped classifier: the moments of every cell and shard
 * are computed where it lies and merged on the driver, in order.
 */
final class ScoreJob {
  private static final int CELLS_A_TASK = 16;

  private final JavaSparkContext spark;
  private final String dataFolder;
  private final Manifest manifest;

  ScoreJob(JavaSparkContext spark, String dataFolder, Manifest manifest) {
    this.spark = spark;
    this.dataFolder = dataFolder;
    this.manifest = manifest;
  }

  /** Whether the shipped classifier can look at images of this shape. */
  static boolean fits(ImageShape shape) {
    return shape.equals(new ImageShape(1, 32));
  }

  /**
   * Distances of the samples, their replicated 1x1 starts and held-out images to the training
   * images.
   */
  Score score(JavaRDD<SampleCell> samples) {
    spark.setJobDescription("score: features of samples, starts and real images");
    return Score.of(
        ClassifierFeatures.NAME,
        training(),
        drawn(samples),
        starts(samples),
        moments(manifest.heldOutShards()));
  }

  /** Distance of the samples to the training images. */
  double distance(JavaRDD<SampleCell> samples) {
    return FrechetDistance.between(training(), drawn(samples)).value();
  }

  private FeatureMoments training() {
    return moments(manifest.trainShards());
  }

  private FeatureMoments drawn(JavaRDD<SampleCell> samples) {
    ImageShape shape = manifest.shape();
    return moments(samples, cell -> SampleImages.finest(cell, shape));
  }

  private FeatureMoments starts(JavaRDD<SampleCell> samples) {
    ImageShape shape = manifest.shape();
    return moments(samples, cell -> SampleImages.replicatedStarts(cell, shape));
  }

  /** Coalesced tasks may come in any order, so the parts are sorted before they are merged. */
  private static FeatureMoments moments(
      JavaRDD<SampleCell> samples, Function<SampleCell, ImageBlock> images) {
    return samples
        .coalesce(1 + samples.getNumPartitions() / CELLS_A_TASK)
        .mapPartitions(cells -> measure(cells, images))
        .collect()
        .stream()
        .sorted(Comparator.comparingInt(Part::first))
        .map(Part::moments)
        .reduce(FeatureMoments::merge)
        .orElseThrow();
  }

  /** The moments of one cell, with the number of its first image. */
  private record Part(int first, FeatureMoments moments) implements Serializable {}

  private static Iterator<Part> measure(
      Iterator<SampleCell> cells, Function<SampleCell, ImageBlock> images) throws Exception {
    List<Part> parts = new ArrayList<>();
    try (ClassifierFeatures extractor = ClassifierFeatures.shipped()) {
      while (cells.hasNext()) {
        SampleCell cell = cells.next();
        parts.add(new Part(cell.first(), moments(extractor, images.call(cell))));
      }
    }
    return parts.iterator();
  }

  /** Collect keeps the order of partitions, so the sum has one order. */
  private FeatureMoments moments(List<Manifest.Shard> shards) {
    String folder = dataFolder;
    Function<Manifest.Shard, FeatureMoments> measure =
        shard -> {
          try (ClassifierFeatures extractor = ClassifierFeatures.shipped()) {
            return moments(extractor, ShardFile.read(folder, shard));
          }
        };
    return spark.parallelize(new ArrayList<>(shards), shards.size()).map(measure).collect().stream()
        .reduce(FeatureMoments::merge)
        .orElseThrow();
  }

  private static FeatureMoments moments(ClassifierFeatures extractor, ImageBlock images) {
    List<Raster> rasters =
        IntStream.range(0, images.count()).mapToObj(i -> Raster.of(images, i)).toList();
    int dimension = extractor.identity().dimension();
    float[] features = extractor.extract(rasters).features();
    return FeatureMoments.of(new FeatureRows(dimension, features));
  }
}
