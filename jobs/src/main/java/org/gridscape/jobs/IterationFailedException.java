package org.gridscape.jobs;

/** An iteration could not be done for a reason that is not the model's: executors, data, disks. */
final class IterationFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient JobFailure failure;

  private IterationFailedException(JobFailure failure, Throwable cause) {
    super(failure.message(), cause);
    this.failure = failure;
  }

  /**
   * Names the cause and where the run goes on.
   *
   * @param iteration that failed
   * @param saved iteration of the newest checkpoint, 0 if there is none
   */
  static IterationFailedException of(int iteration, int saved, Throwable cause) {
    JobFailure why = JobFailure.of(cause);
    return new IterationFailedException(
        why.saying(
            "Cannot do iteration %d: %s; the same command continues the run after iteration %d"
                .formatted(iteration, why.message(), saved)),
        cause);
  }

  /** How the command ends. */
  JobFailure failure() {
    return failure;
  }
}
