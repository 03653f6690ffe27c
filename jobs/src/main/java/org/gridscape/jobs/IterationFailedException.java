package org.gridscape.jobs;

/** An iteration could not be done for a reason that is not the model's: executors, data, disks. */
final class IterationFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Names the cause and where the run goes on.
   *
   * @param iteration that failed
   * @param saved iteration of the newest checkpoint, 0 if there is none
   */
  IterationFailedException(int iteration, int saved, Throwable cause) {
    super(
        "Cannot do iteration %d: %s; the same command continues the run after iteration %d"
            .formatted(iteration, JobFailure.of(cause).message(), saved),
        cause);
  }
}
