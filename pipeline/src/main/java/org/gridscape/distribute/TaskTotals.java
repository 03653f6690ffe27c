package org.gridscape.distribute;

import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * What tasks have done, as named accumulators in Spark's UI. Made on the driver, added to in tasks.
 *
 * <p>They are to look at only: nothing that a run computes is read from them.
 *
 * @param images observed images learned from
 * @param chainSteps Langevin steps, of one image each
 * @param chainSeconds busy with chains
 * @param gradientSeconds busy with gradients of parameters
 */
record TaskTotals(
    LongAccumulator images,
    LongAccumulator chainSteps,
    DoubleAccumulator chainSeconds,
    DoubleAccumulator gradientSeconds)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Totals of 0. */
  static TaskTotals of(JavaSparkContext spark) {
    return new TaskTotals(
        spark.sc().longAccumulator("images"),
        spark.sc().longAccumulator("chain steps"),
        spark.sc().doubleAccumulator("busy chain seconds"),
        spark.sc().doubleAccumulator("busy gradient seconds"));
  }

  /** Adds a task's work. */
  void add(ShardOutcome.Part work) {
    images.add((long) work.images());
    chainSteps.add(work.chainSteps());
    chainSeconds.add(work.chainSeconds());
    gradientSeconds.add(work.gradientSeconds());
  }
}
