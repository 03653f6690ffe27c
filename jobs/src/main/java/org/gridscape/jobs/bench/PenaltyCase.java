package org.gridscape.jobs.bench;

import org.gridscape.config.RunConfig;

/**
 * Whole iterations of the same training, without and with the penalty of w-GCN, in turns.
 *
 * @param title what is trained
 * @param without the penalty
 * @param with the penalty; else the same
 * @param threads of Spark
 */
record PenaltyCase(String title, RunConfig without, RunConfig with, int threads) {

  /** What {@code --only} and {@code --dry-run} call it. */
  String name() {
    return "penalty/%s/threads-%d".formatted(title, threads);
  }
}
