package org.gridscape.jobs;

/** A run diverged once more than its sentinel may answer. */
final class GaveUpException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int iteration;
  private final String replay;

  /**
   * Names the last alarm.
   *
   * @param iteration that raised it
   * @param answered alarms before it
   * @param replay command that does the iteration again
   */
  GaveUpException(int iteration, String alarm, int answered, String replay) {
    super(
        "Training diverged at iteration %d: %s; %d alarms were answered before (sentinel.tries)"
            .formatted(iteration, alarm, answered));
    this.iteration = iteration;
    this.replay = replay;
  }

  int iteration() {
    return iteration;
  }

  String replay() {
    return replay;
  }
}
