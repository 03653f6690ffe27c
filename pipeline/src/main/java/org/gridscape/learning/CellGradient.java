package org.gridscape.learning;

import java.util.List;
import org.gridscape.generator.GeneratorStatistics;
import org.gridscape.image.ImageBatch;

/**
 * What one cell contributes to an iteration.
 *
 * @param gradients per network, sum over images of the gradient of the objective: that of each
 *     grid, coarse to fine, then those of the generator
 * @param statistics per grid
 * @param generator what its losses showed
 * @param states per grid, final states of persistent chains; empty for every other start
 * @param chainNanos time spent in chains
 * @param gradientNanos time spent in gradients of parameters
 */
public record CellGradient(
    List<float[]> gradients,
    List<GridStatistics> statistics,
    GeneratorStatistics generator,
    List<ImageBatch> states,
    long chainNanos,
    long gradientNanos) {}
