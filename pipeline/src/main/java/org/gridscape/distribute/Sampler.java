package org.gridscape.distribute;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.gridscape.image.ImageBatch;

/** Draws new images on the cluster. Lives on the driver. */
public final class Sampler implements AutoCloseable {
  private final JavaSparkContext spark;
  private final List<Broadcast<SamplingPlan>> plans = new ArrayList<>();

  /** A sampler on a cluster. */
  public Sampler(JavaSparkContext spark) {
    this.spark = spark;
  }

  /**
   * New images, one element a cell, in order of their numbers; computed when an action asks.
   *
   * <p>The images depend on the plan alone, not on the cluster. Not to be computed once this
   * sampler is closed.
   */
  public JavaRDD<SampleCell> draw(SamplingPlan plan) {
    spark.setJobDescription("samples: chains of %d images".formatted(plan.count()));
    List<Integer> cells = IntStream.range(0, plan.cells()).boxed().toList();
    Broadcast<SamplingPlan> broadcast = spark.broadcast(plan);
    plans.add(broadcast);
    return spark.parallelize(cells, plan.cells()).map(new SampleTask(broadcast));
  }

  /**
   * The images of one cell of a plan, for a task that does more with them.
   *
   * @param cell 0 to {@link SamplingPlan#cells} - 1
   */
  public static SampleCell cell(SamplingPlan plan, int cell) {
    return SampleTask.draw(plan, cell);
  }

  /**
   * The 1x1 images that the chains of a cell start from, without running them.
   *
   * @return [images of the cell][channels] unsigned bytes
   */
  public static byte[] starts(SamplingPlan plan, int cell) {
    return SampleTask.starts(plan, cell);
  }

  /**
   * The codes of images, computed in one task.
   *
   * @param plan whose chains start from codes
   * @param images at full resolution, in the range of the chains; any number
   */
  public ImageBatch encode(SamplingPlan plan, ImageBatch images) {
    spark.setJobDescription("samples: codes of %d images".formatted(images.count()));
    Broadcast<SamplingPlan> broadcast = spark.broadcast(plan);
    plans.add(broadcast);
    return spark
        .parallelize(List.of(images), 1)
        .map(given -> EncodeTask.codes(broadcast.value(), given))
        .first();
  }

  /** Releases what was broadcast. */
  @Override
  public void close() {
    plans.forEach(Broadcast::destroy);
    plans.clear();
  }
}
