package org.gridscape.learning;

import java.io.Serializable;

/** The learning rate over the iterations of a run. */
public sealed interface LearningRate extends Serializable {

  /**
   * The rate of an iteration.
   *
   * @param iteration from 1
   * @param iterations of the whole run; what comes after them has the rate of the last
   */
  double at(int iteration, int iterations);

  /**
   * The same at every iteration.
   *
   * @param rate positive
   */
  record Constant(double rate) implements LearningRate {
    /** Rejects rates that do not learn. */
    public Constant {
      requireRate(rate);
    }

    @Override
    public double at(int iteration, int iterations) {
      return rate;
    }
  }

  /**
   * Falls in a straight line to a part of itself at the last iteration.
   *
   * @param rate at the first iteration, positive
   * @param last share of it at the last, in [0, 1]
   */
  record Linear(double rate, double last) implements LearningRate {
    /** Rejects what does not fall. */
    public Linear {
      requireRate(rate);
      if (!(last >= 0 && last <= 1)) {
        throw new IllegalArgumentException(
            "Invalid last share of the learning rate: " + last + " (must be in [0, 1])");
      }
    }

    @Override
    public double at(int iteration, int iterations) {
      double progress = iterations == 1 ? 0 : Math.min(1, (iteration - 1.0) / (iterations - 1));
      return rate * (1 - (1 - last) * progress);
    }
  }

  /**
   * Multiplied by a factor every so many iterations; the authors' first released code has 0.94337
   * every 12 epochs, which takes 0.3 to 0.01 in 700.
   *
   * @param rate at first, positive
   * @param factor in (0, 1]
   * @param every iterations between falls, at least 1
   */
  record Staircase(double rate, double factor, int every) implements LearningRate {
    /** Rejects what does not fall. */
    public Staircase {
      requireRate(rate);
      if (!(factor > 0 && factor <= 1) || every < 1) {
        throw new IllegalArgumentException(
            "Invalid staircase: factor %s every %d (must be in (0, 1], every >= 1)"
                .formatted(factor, every));
      }
    }

    @Override
    public double at(int iteration, int iterations) {
      int falls = (iteration - 1) / every;
      return rate * StrictMath.pow(factor, falls);
    }
  }

  private static void requireRate(double rate) {
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException(
          "Invalid learning rate: " + rate + " (must be > 0 and finite)");
    }
  }
}
