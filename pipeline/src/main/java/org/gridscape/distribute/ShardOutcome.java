package org.gridscape.distribute;

import java.io.Serializable;
import java.util.List;
import org.gridscape.image.ImageBatch;
import org.gridscape.learning.GridStatistics;

/** What one shard returns to the driver. */
sealed interface ShardOutcome extends Serializable {

  /**
   * The shard's part of an iteration.
   *
   * @param images number of images
   * @param gradients per grid, sum over images in cell order
   * @param statistics per grid
   * @param states per cell, then grid: final states of persistent chains; empty for other starts
   * @param chainSeconds busy in chains, all cells together
   * @param gradientSeconds busy in gradients of parameters, all cells together
   */
  record Gradients(
      int images,
      List<float[]> gradients,
      List<GridStatistics> statistics,
      List<List<ImageBatch>> states,
      double chainSeconds,
      double gradientSeconds)
      implements ShardOutcome {
    /** Keeps the arrays in the form in which they travel fast. */
    public Gradients {
      gradients = FloatArrays.of(gradients);
    }
  }

  /**
   * A chain diverged. Not an exception: a retry would diverge again.
   *
   * @param message where
   */
  record Diverged(String message) implements ShardOutcome {}
}
