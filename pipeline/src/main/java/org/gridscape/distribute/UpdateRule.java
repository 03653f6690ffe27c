package org.gridscape.distribute;

import org.gridscape.learning.GradientClip;
import org.gridscape.learning.LearningRate;
import org.gridscape.learning.MovingAverage;
import org.gridscape.learning.Optimizer;

/**
 * What the driver does with the mean gradient.
 *
 * @param optimizer makes the update
 * @param rate learning rate over the run
 * @param clip bounds the gradient first
 * @param average follows the parameters
 * @param iterations of the whole run, for the learning rate
 */
public record UpdateRule(
    Optimizer optimizer,
    LearningRate rate,
    GradientClip clip,
    MovingAverage average,
    int iterations) {

  /** Rejects an empty run. */
  public UpdateRule {
    if (iterations < 1) {
      throw new IllegalArgumentException(
          "Invalid training.iterations: " + iterations + " (must be >= 1)");
    }
  }
}
