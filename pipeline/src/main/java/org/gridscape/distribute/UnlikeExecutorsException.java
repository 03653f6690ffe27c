package org.gridscape.distribute;

/** Executors would give other bits than those that computed the run so far. */
public final class UnlikeExecutorsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnlikeExecutorsException(String difference) {
    super(
        "Executors differ: "
            + difference
            + " (must be alike for the same bits; cluster.determinism=warn lets them differ)");
  }
}
