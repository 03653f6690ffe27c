package org.gridscape.jobs;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardFile;
import org.gridscape.distribute.ModelState;
import org.gridscape.distribute.Parameters;
import org.gridscape.dl4j.GeneratorPretraining;
import org.gridscape.energy.MapNetwork;
import org.gridscape.features.AveragedTraining;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.PixelRange;

/** Trains the generator's networks with dl4j-spark before a run, which is not reproducible. */
final class GeneratorStart {
  private static final int AT_ONCE = 64;

  /** Weight that keeps codes near those of thumbnails alone. */
  private static final double NEARNESS = 0.01;

  private GeneratorStart() {}

  /**
   * The parameters that a run starts from.
   *
   * @param drawn the state before the first iteration
   */
  static Parameters pretrained(
      JavaSparkContext spark,
      RunConfig config,
      Manifest manifest,
      AveragedTraining training,
      ModelState drawn) {
    List<MapNetwork> upsamplers = config.generator().upsamplers();
    List<float[]> all = new ArrayList<>(drawn.parameters().arrays());
    int first = config.networks().size();
    int encoderAt = first + upsamplers.size();
    GeneratorPretraining pretraining =
        new GeneratorPretraining(training, config.generator().hiddenSide(), upsamplers);
    JavaRDD<ImageBatch> images =
        images(spark, config, manifest).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<float[]> trained =
          pretraining.trainUpsamplers(spark, images, all.subList(first, encoderAt));
      for (int i = 0; i < trained.size(); i++) {
        all.set(first + i, trained.get(i));
      }
      for (MapNetwork encoder : config.generator().encoder()) {
        all.set(
            encoderAt,
            pretraining.trainEncoder(
                spark,
                images,
                trained,
                encoder,
                all.get(encoderAt),
                drawn.hidden().orElseThrow().root(),
                NEARNESS));
      }
    } finally {
      images.unpersist();
    }
    return new Parameters(all);
  }

  private static JavaRDD<ImageBatch> images(
      JavaSparkContext spark, RunConfig config, Manifest manifest) {
    List<Manifest.Shard> shards = manifest.trainShards();
    String folder = config.data().target();
    PixelRange range = config.learning().langevin().range();
    return spark
        .parallelize(shards, shards.size())
        .flatMap(shard -> batches(ShardFile.read(folder, shard), shard.rows(), range));
  }

  private static Iterator<ImageBatch> batches(ImageBlock block, int rows, PixelRange range) {
    return IntStream.range(0, (rows + AT_ONCE - 1) / AT_ONCE)
        .mapToObj(
            part ->
                block.batch(
                    IntStream.range(part * AT_ONCE, Math.min(rows, (part + 1) * AT_ONCE)).toArray(),
                    range))
        .iterator();
  }
}
