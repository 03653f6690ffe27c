package org.gridscape.report;

import java.util.List;

/**
 * What was read from a {@link RunLog}.
 *
 * @param iterations ascending by iteration; empty where nothing was logged
 * @param torn whether the last line broke off, as a killed writer leaves it; that line is not among
 *     the iterations
 */
public record RunHistory(List<IterationMetrics> iterations, boolean torn) {

  /** Copies the list. */
  public RunHistory {
    iterations = List.copyOf(iterations);
  }
}
