package org.gridscape.jobs;

/** The run was asked to stop; it continues under the same run id. */
final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Training stopped after an iteration, which is saved. */
  StoppedException(int iteration) {
    super("Stopped after iteration " + iteration + "; the same command continues the run");
  }

  /** Another phase was broken off. */
  StoppedException(String command, Throwable cause) {
    super("Stopped while in " + command + "; the same command continues the run", cause);
  }
}
