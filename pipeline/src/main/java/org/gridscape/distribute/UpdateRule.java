package org.gridscape.distribute;

import java.io.Serializable;
import org.gridscape.learning.GradientClip;
import org.gridscape.learning.LearningRate;
import org.gridscape.learning.MovingAverage;
import org.gridscape.learning.Optimizer;
import org.gridscape.learning.Recovery;

/**
 * How gradients become parameters.
 *
 * @param optimizer makes the update
 * @param rate learning rate over the run
 * @param generatorRate factor on it for the generator's networks, positive
 * @param clip bounds the gradient first
 * @param average follows the parameters
 * @param iterations of the whole run, for the learning rate
 * @param localSteps updates that each shard makes by itself before parameters are averaged; 0 to
 *     update once with the gradient of all shards
 */
public record UpdateRule(
    Optimizer optimizer,
    LearningRate rate,
    double generatorRate,
    GradientClip clip,
    MovingAverage average,
    int iterations,
    int localSteps)
    implements Serializable {

  /** Rejects an empty run and negative counts. */
  public UpdateRule {
    if (iterations < 1) {
      throw new IllegalArgumentException(
          "Invalid training.iterations: " + iterations + " (must be >= 1)");
    }
    if (!(generatorRate > 0) || Double.isInfinite(generatorRate)) {
      throw new IllegalArgumentException(
          "Invalid generator.rateFactor: " + generatorRate + " (must be > 0 and finite)");
    }
    if (localSteps < 0) {
      throw new IllegalArgumentException(
          "Invalid training.localSteps: " + localSteps + " (must be >= 0)");
    }
  }

  /** The learning rate of an iteration, with what the sentinel made of it. */
  double rate(int iteration, Recovery recovery) {
    return rate.at(iteration, iterations) * recovery.rateFactor();
  }
}
