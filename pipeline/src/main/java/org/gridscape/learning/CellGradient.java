package org.gridscape.learning;

import java.util.List;
import org.gridscape.image.ImageBatch;

/**
 * What one cell contributes to an iteration.
 *
 * @param gradients per grid, sum over images of the gradient of the log-likelihood
 * @param statistics per grid
 * @param states per grid, final states of persistent chains; empty for every other start
 * @param chainNanos time spent in chains
 * @param gradientNanos time spent in gradients of parameters
 */
public record CellGradient(
    List<float[]> gradients,
    List<GridStatistics> statistics,
    List<ImageBatch> states,
    long chainNanos,
    long gradientNanos) {}
