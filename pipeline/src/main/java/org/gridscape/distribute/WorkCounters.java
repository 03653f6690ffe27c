package org.gridscape.distribute;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * Named accumulators that Spark's pages show for each stage. For looking on only: a task that runs
 * twice may count twice.
 *
 * @param images taken through chains
 * @param chainSeconds busy in chains
 * @param gradientSeconds busy in gradients of parameters
 */
record WorkCounters(
    LongAccumulator images, DoubleAccumulator chainSeconds, DoubleAccumulator gradientSeconds)
    implements Serializable {

  static WorkCounters register(SparkContext spark) {
    return new WorkCounters(
        spark.longAccumulator("images"),
        spark.doubleAccumulator("seconds in chains"),
        spark.doubleAccumulator("seconds in gradients"));
  }

  void count(ShardOutcome outcome) {
    if (outcome instanceof ShardOutcome.Part part) {
      images.add((long) part.images());
      chainSeconds.add(part.chainSeconds());
      gradientSeconds.add(part.gradientSeconds());
    }
  }
}
