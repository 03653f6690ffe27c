package org.gridscape.distribute;

import java.util.List;

/** Returns the sums of a shard's gradients, one array a network. Runs on executors. */
final class GradientTask implements ShardTask {
  private static final long serialVersionUID = 1;

  @Override
  public ShardOutcome run(TrainingPlan plan, IterationInput input, int shard) {
    ShardCells cells =
        ShardCells.learn(
            plan,
            shard,
            input.iteration(),
            input.parameters(),
            input.hidden(),
            input.states(plan, shard),
            input.previous(),
            input.recovery());
    return new ShardOutcome.Part(
        shard,
        cells.images(),
        cells.gradients().stream().map(OrderedSum::rounded).toList(),
        cells.statistics(),
        cells.generatorStatistics(),
        List.of(),
        cells.states(),
        cells.chainSteps(),
        cells.chainSeconds(),
        cells.gradientSeconds(),
        Worker.here(plan.engine()));
  }
}
