package org.gridscape.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What one training iteration showed: one line of a {@link RunLog}.
 *
 * @param iteration counted from 1
 * @param seconds wall time of the iteration
 * @param learningRate the optimiser's learning rate in this iteration
 * @param phases where the wall time went
 * @param executors processes that computed the iteration; 0 = not known
 * @param grids one entry a grid, coarse to fine
 * @param recoveries what was done right before this iteration, in order; mostly nothing
 * @param generator what its losses showed; one entry, or none where nothing of it is learned
 * @param scores of samples drawn after this iteration; mostly none, else one
 */
public record IterationMetrics(
    int iteration,
    double seconds,
    double learningRate,
    PhaseSeconds phases,
    int executors,
    List<GridMetrics> grids,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<RecoveryNote> recoveries,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<GeneratorMetrics> generator,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<SampleScore> scores) {

  /** An iteration without a generator. */
  public IterationMetrics(
      int iteration,
      double seconds,
      double learningRate,
      PhaseSeconds phases,
      int executors,
      List<GridMetrics> grids,
      List<RecoveryNote> recoveries,
      List<SampleScore> scores) {
    this(iteration, seconds, learningRate, phases, executors, grids, recoveries, List.of(), scores);
  }

  /**
   * Rejects an iteration before the first, fewer than no executors, grids out of order and a
   * recovery from an iteration before this one.
   */
  public IterationMetrics {
    if (iteration < 1) {
      throw new IllegalArgumentException("Invalid iteration: " + iteration + " (must be >= 1)");
    }
    if (executors < 0) {
      throw new IllegalArgumentException("Invalid executors: " + executors + " (must be >= 0)");
    }
    grids = List.copyOf(grids);
    List<Integer> sides = grids.stream().map(GridMetrics::side).toList();
    if (!sides.equals(sides.stream().sorted().distinct().toList())) {
      throw new IllegalArgumentException("Invalid grid sides: " + sides + " (must ascend)");
    }
    recoveries = List.copyOf(recoveries);
    generator = List.copyOf(generator);
    scores = List.copyOf(scores);
    for (RecoveryNote recovery : recoveries) {
      if (recovery.failedIteration() < iteration) {
        throw new IllegalArgumentException(
            "Invalid failed iteration: %d (must be >= %d, the iteration returned to)"
                .formatted(recovery.failedIteration(), iteration));
      }
    }
  }
}
