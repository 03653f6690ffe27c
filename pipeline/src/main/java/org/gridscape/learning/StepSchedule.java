package org.gridscape.learning;

import java.io.Serializable;

/**
 * How the chains of learning grow shorter while the generator learns to do their work.
 *
 * <p>Source: derived; Wu et al. 2019 name amortised learning, their schedule is not known.
 *
 * @param last steps of a chain on each grid at the last iteration, 1 to 65535
 * @param hold share of the run before they change, in [0, 1]; then they change in a straight line
 */
public record StepSchedule(int last, double hold) implements Serializable {

  /** Rejects schedules that end without a step. */
  public StepSchedule {
    if (last < 1 || last > 0xffff) {
      throw new IllegalArgumentException(
          "Invalid langevin.schedule.last: %d (must be 1 to 65535)".formatted(last));
    }
    if (!(hold >= 0 && hold <= 1)) {
      throw new IllegalArgumentException(
          "Invalid langevin.schedule.hold: %s (must be in [0, 1])".formatted(hold));
    }
  }

  /**
   * Steps of a chain.
   *
   * @param first steps at first
   * @param done share of the run that is done, in [0, 1]
   */
  public int steps(int first, double done) {
    if (done <= hold) {
      return first;
    }
    return (int) Math.round(first + (last - first) * ((done - hold) / (1 - hold)));
  }
}
