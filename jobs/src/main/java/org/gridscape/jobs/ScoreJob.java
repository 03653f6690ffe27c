package org.gridscape.jobs;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardFile;
import org.gridscape.distribute.SampleCell;
import org.gridscape.evaluate.ClassifierFeatures;
import org.gridscape.evaluate.FeatureMoments;
import org.gridscape.evaluate.FrechetDistance;
import org.gridscape.evaluate.Score;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.ImageShape;

/**
 * Measures samples in the features of the shipped classifier: the moments of every cell and shard
 * are computed where it lies and merged on the driver, in order.
 */
final class ScoreJob {
  private static final ThreadLocal<ClassifierFeatures> EXTRACTOR =
      ThreadLocal.withInitial(ClassifierFeatures::shipped);

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
    ImageShape shape = manifest.shape();
    spark.setJobDescription("score: features of samples, starts and real images");
    return Score.of(
        EXTRACTOR.get().name(),
        training(),
        drawn(samples),
        merged(samples.map(cell -> moments(SampleImages.replicatedStarts(cell, shape)))),
        merged(shards(manifest.heldOutShards())));
  }

  /** Distance of the samples to the training images. */
  double distance(JavaRDD<SampleCell> samples) {
    return FrechetDistance.between(training(), drawn(samples)).value();
  }

  private FeatureMoments training() {
    return merged(shards(manifest.trainShards()));
  }

  private FeatureMoments drawn(JavaRDD<SampleCell> samples) {
    ImageShape shape = manifest.shape();
    return merged(samples.map(cell -> moments(SampleImages.finest(cell, shape))));
  }

  private JavaRDD<FeatureMoments> shards(List<Manifest.Shard> shards) {
    String folder = dataFolder;
    Function<Manifest.Shard, FeatureMoments> measure =
        shard -> moments(ShardFile.read(folder, shard));
    return spark.parallelize(new ArrayList<>(shards), shards.size()).map(measure);
  }

  private static FeatureMoments moments(ImageBlock images) {
    return FeatureMoments.of(EXTRACTOR.get(), images);
  }

  /** Collect keeps the order of partitions, so the sum has one order. */
  private static FeatureMoments merged(JavaRDD<FeatureMoments> parts) {
    return parts.collect().stream().reduce(FeatureMoments::merge).orElseThrow();
  }
}
