package org.gridscape.learning;

import java.util.List;
import java.util.stream.IntStream;
import org.gridscape.generator.GeneratorStatistics;
import org.gridscape.image.ImageBatch;

/**
 * What one cell contributes to an iteration.
 *
 * @param gradients per network, sum over images of the gradient of the objective: that of each
 *     grid, coarse to fine, then those of the generator
 * @param statistics per grid
 * @param generator what its losses showed
 * @param ends where its chains ended; stays in the task
 * @param states per grid, final states of persistent chains; empty for every other start
 * @param chainNanos time spent in chains
 * @param gradientNanos time spent in gradients of parameters and in diagnostics
 */
public record CellGradient(
    List<float[]> gradients,
    List<GridStatistics> statistics,
    GeneratorStatistics generator,
    ChainEnds ends,
    List<ImageBatch> states,
    long chainNanos,
    long gradientNanos) {

  /**
   * The same with what the last update changed.
   *
   * @param changes one entry a grid
   * @param nanos time that measuring them took, counted as gradients
   */
  public CellGradient with(List<ChangeSums> changes, long nanos) {
    return new CellGradient(
        gradients,
        IntStream.range(0, statistics.size())
            .mapToObj(grid -> statistics.get(grid).with(changes.get(grid)))
            .toList(),
        generator,
        ends,
        states,
        chainNanos,
        gradientNanos + nanos);
  }
}
