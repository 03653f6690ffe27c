package org.gridscape.distribute;

/** A run cannot go on: chains diverged. The state before the iteration is untouched. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int iteration;
  private final String reason;

  /** Names the iteration and the first chain that diverged, in shard order. */
  public DivergedException(int iteration, String reason) {
    super("Training diverged at iteration " + iteration + ": " + reason);
    this.iteration = iteration;
    this.reason = reason;
  }

  /** What diverged. */
  public String reason() {
    return reason;
  }

  /** The iteration that could not be done. */
  public int iteration() {
    return iteration;
  }
}
