package org.gridscape.jobs;

/** The run was asked to stop; it continues under the same run id. */
final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StoppedException(int iteration) {
    super("Stopped after iteration " + iteration + "; the same command continues the run");
  }
}
