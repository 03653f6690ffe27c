package org.gridscape.distribute;

import java.io.Serializable;

/**
 * What a learner has each shard compute. Runs on executors, any number of times for one shard: a
 * pure function of its arguments.
 */
interface ShardTask extends Serializable {

  /**
   * The shard's part of an iteration.
   *
   * @throws org.gridscape.langevin.DivergedChainException if a chain diverged
   */
  ShardOutcome run(TrainingPlan plan, IterationInput input, int shard);
}
