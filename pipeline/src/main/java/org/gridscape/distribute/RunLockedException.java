package org.gridscape.distribute;

/** A run that another process works on. */
public final class RunLockedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Names the run and who works on it. */
  public RunLockedException(String message) {
    super(message);
  }
}
