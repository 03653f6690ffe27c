package org.gridscape.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where the time of the whole run went.
 *
 * @param phases one entry a {@link Phase}
 */
record PhaseShares(List<Share> phases) {

  /** One phase: its total, mean and share, and the width of its bar in percent. */
  record Share(
      String name, String meaning, String total, String mean, String percent, int colour) {}

  /** Adds up the phases of all iterations; empty where none was logged. */
  static PhaseShares of(RunHistory history) {
    List<IterationMetrics> iterations = history.iterations();
    double all = 0;
    for (Phase phase : Phase.ALL) {
      all += total(phase, iterations);
    }
    List<Share> shares = new ArrayList<>();
    for (Phase phase : Phase.ALL) {
      double total = total(phase, iterations);
      if (all > 0 && Double.isFinite(all)) {
        shares.add(
            new Share(
                phase.name(),
                phase.meaning(),
                Wording.duration(total),
                Wording.number(total / iterations.size()) + " s",
                String.format(Locale.ROOT, "%.1f", 100 * total / all),
                shares.size()));
      }
    }
    return new PhaseShares(shares);
  }

  /** Whether any time was logged. */
  boolean measured() {
    return !phases.isEmpty();
  }

  private static double total(Phase phase, List<IterationMetrics> iterations) {
    return iterations.stream().mapToDouble(phase.seconds()).sum();
  }
}
