package org.gridscape.report;

import java.util.List;

/**
 * The returns to an earlier checkpoint, in the order of the iterations that followed them.
 *
 * @param rows one a return
 */
record Recoveries(List<Row> rows) {

  /**
   * One return.
   *
   * @param iteration the first iteration computed anew
   */
  record Row(int iteration, int failedIteration, String alarm, String action) {}

  /** Collects the returns that the log names. */
  static Recoveries of(RunHistory history) {
    return new Recoveries(
        history.iterations().stream()
            .flatMap(m -> m.recoveries().stream().map(note -> row(m.iteration(), note)))
            .toList());
  }

  /** Whether there was a return. */
  boolean some() {
    return !rows.isEmpty();
  }

  /** The iterations before which the run returned, ascending, each once. */
  List<Integer> iterations() {
    return rows.stream().map(Row::iteration).distinct().toList();
  }

  private static Row row(int iteration, RecoveryNote note) {
    return new Row(iteration, note.failedIteration(), note.alarm(), note.action());
  }
}
