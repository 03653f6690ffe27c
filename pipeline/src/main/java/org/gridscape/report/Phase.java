package org.gridscape.report;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A phase of an iteration as the report names it.
 *
 * @param seconds its part of the iteration's wall time
 */
record Phase(String name, String meaning, ToDoubleFunction<IterationMetrics> seconds) {

  /** The phases in the order in which an iteration runs them; what none names is "other". */
  static final List<Phase> ALL =
      List.of(
          new Phase("broadcast", "parameters to the workers", m -> m.phases().broadcast()),
          new Phase("chain", "Langevin chains", m -> m.phases().chain()),
          new Phase("gradient", "parameter gradients", m -> m.phases().gradient()),
          new Phase("sum", "adding up the cells", m -> m.phases().sum()),
          new Phase("update", "optimiser", m -> m.phases().update()),
          new Phase("other", "scheduling and waiting", Phase::rest));

  private static double rest(IterationMetrics metrics) {
    PhaseSeconds p = metrics.phases();
    double named = p.broadcast() + p.chain() + p.gradient() + p.sum() + p.update();
    return Math.max(0, metrics.seconds() - named);
  }
}
