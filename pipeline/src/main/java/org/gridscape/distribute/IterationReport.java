package org.gridscape.distribute;

import java.util.List;
import org.gridscape.generator.GeneratorStatistics;
import org.gridscape.learning.GridStatistics;

/**
 * How one iteration went.
 *
 * @param iteration from 1
 * @param seconds wall time, all phases together
 * @param learningRate of the update
 * @param phases where the time went
 * @param statistics per grid
 * @param generator what its losses showed
 * @param gradientNorms per network, the grids' first, norm of the mean gradient before it is
 *     clipped; with parameter averaging the mean norm of the shards' own gradients
 * @param executors processes that computed it
 * @param busiest seconds of chains and gradients, all cores together, of the one with the most
 */
public record IterationReport(
    int iteration,
    double seconds,
    double learningRate,
    Phases phases,
    List<GridStatistics> statistics,
    GeneratorStatistics generator,
    List<Double> gradientNorms,
    int executors,
    double busiest) {

  /**
   * Seconds of wall time. Chains and gradients run in many tasks at once: their busy time is
   * divided by the number of cores that the cells can fill. What the phases leave of the iteration
   * is scheduling and waiting.
   *
   * @param broadcast handing parameters to Spark
   * @param chain Langevin chains
   * @param gradient gradients of parameters
   * @param sum ordered sum of the shards
   * @param update optimiser and moving average
   */
  public record Phases(
      double broadcast, double chain, double gradient, double sum, double update) {}
}
