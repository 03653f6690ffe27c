package org.gridscape.distribute;

import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.gridscape.langevin.DivergedChainException;

/** Runs a task on a shard in a Spark job. Runs on executors. */
final class ShardFunction implements Function<Integer, ShardOutcome> {
  private static final long serialVersionUID = 1;

  private final Broadcast<TrainingPlan> plan;
  private final Broadcast<IterationInput> input;
  private final ShardTask task;
  private final TaskTotals totals;

  ShardFunction(
      Broadcast<TrainingPlan> plan,
      Broadcast<IterationInput> input,
      ShardTask task,
      TaskTotals totals) {
    this.plan = plan;
    this.input = input;
    this.task = task;
    this.totals = totals;
  }

  @Override
  public ShardOutcome call(Integer shard) {
    try {
      ShardOutcome outcome = task.run(plan.value(), input.value(), shard);
      if (outcome instanceof ShardOutcome.Part part) {
        totals.add(part);
      }
      return outcome;
    } catch (DivergedChainException diverged) {
      return new ShardOutcome.Diverged(shard, String.valueOf(diverged.getMessage()));
    }
  }
}
