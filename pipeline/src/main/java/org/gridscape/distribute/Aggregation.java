package org.gridscape.distribute;

import java.util.List;

/** How the shards' work becomes one update of the model. */
sealed interface Aggregation permits GradientAggregation, ParameterAveraging {

  /** What the shards need to know of the iteration after a state. */
  IterationInput input(ModelState state);

  /** Bytes of the arrays that a shard returns. */
  long bytesAShard();

  /** What each shard computes. */
  ShardTask task();

  /**
   * The updated networks.
   *
   * @param state before the iteration, not modified
   * @param collected what the tasks returned
   */
  List<NetworkUpdate> updates(ModelState state, IterationJobs.Collected collected);

  /** The one that the rule asks for. */
  static Aggregation of(TrainingPlan plan, UpdateRule rule) {
    return rule.localSteps() == 0
        ? new GradientAggregation(plan, rule)
        : new ParameterAveraging(plan, rule);
  }
}
