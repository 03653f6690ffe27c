package org.gridscape.distribute;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Draws new images on the cluster. Lives on the driver. */
public final class Sampler {
  private final JavaSparkContext spark;

  /** A sampler on a cluster. */
  public Sampler(JavaSparkContext spark) {
    this.spark = spark;
  }

  /**
   * New images, one element a cell, in order of their numbers; computed when an action asks.
   *
   * <p>The images depend on the plan alone, not on the cluster.
   */
  public JavaRDD<SampleCell> draw(SamplingPlan plan) {
    List<Integer> cells = IntStream.range(0, plan.cells()).boxed().toList();
    return spark.parallelize(cells, plan.cells()).map(new SampleTask(spark.broadcast(plan)));
  }
}
