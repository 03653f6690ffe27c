package org.gridscape.report;

import java.util.List;

/**
 * What one training iteration showed: one line of a {@link RunLog}.
 *
 * @param iteration counted from 1
 * @param seconds wall time of the iteration
 * @param learningRate the optimiser's learning rate in this iteration
 * @param phases where the wall time went
 * @param grids one entry a grid, coarse to fine
 */
public record IterationMetrics(
    int iteration,
    double seconds,
    double learningRate,
    PhaseSeconds phases,
    List<GridMetrics> grids) {

  /** Rejects an iteration before the first and grids out of order. */
  public IterationMetrics {
    if (iteration < 1) {
      throw new IllegalArgumentException("Invalid iteration: " + iteration + " (must be >= 1)");
    }
    grids = List.copyOf(grids);
    List<Integer> sides = grids.stream().map(GridMetrics::side).toList();
    if (!sides.equals(sides.stream().sorted().distinct().toList())) {
      throw new IllegalArgumentException("Invalid grid sides: " + sides + " (must ascend)");
    }
  }
}
