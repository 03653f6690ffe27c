package org.gridscape.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Where the time of the whole run went.
 *
 * @param phases in the order in which an iteration runs them; what the log does not name is "other"
 */
record PhaseShares(List<Share> phases) {

  /** One phase: its total, mean and share, and the width of its bar in percent. */
  record Share(
      String name, String meaning, String total, String mean, String percent, int colour) {}

  private record Phase(String name, String meaning, ToDoubleFunction<IterationMetrics> seconds) {}

  private static final List<Phase> PHASES =
      List.of(
          new Phase("broadcast", "parameters to the workers", m -> m.phases().broadcast()),
          new Phase("chain", "Langevin chains", m -> m.phases().chain()),
          new Phase("gradient", "parameter gradients", m -> m.phases().gradient()),
          new Phase("sum", "adding up the cells", m -> m.phases().sum()),
          new Phase("update", "optimiser", m -> m.phases().update()),
          new Phase("other", "not in a phase", PhaseShares::rest));

  /** Adds up the phases of all iterations; empty where none was logged. */
  static PhaseShares of(RunHistory history) {
    List<IterationMetrics> iterations = history.iterations();
    double all = 0;
    for (Phase phase : PHASES) {
      all += total(phase, iterations);
    }
    List<Share> shares = new ArrayList<>();
    for (Phase phase : PHASES) {
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

  private static double rest(IterationMetrics metrics) {
    PhaseSeconds p = metrics.phases();
    double named = p.broadcast() + p.chain() + p.gradient() + p.sum() + p.update();
    return Math.max(0, metrics.seconds() - named);
  }
}
