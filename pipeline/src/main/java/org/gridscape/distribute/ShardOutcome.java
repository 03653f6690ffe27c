package org.gridscape.distribute;

import java.io.Serializable;
import java.util.List;
import org.gridscape.generator.GeneratorStatistics;
import org.gridscape.image.ImageBatch;
import org.gridscape.learning.GridStatistics;

/** What one shard returns to the driver. */
sealed interface ShardOutcome extends Serializable {

  /** Number of the shard. */
  int shard();

  /** The same without its arrays, once they are part of a sum. */
  ShardOutcome withoutSums();

  /**
   * The shard's part of an iteration.
   *
   * @param shard number of the shard
   * @param images number of images
   * @param sums arrays to be added up over the shards; which ones is up to the learner
   * @param statistics per grid
   * @param generator what its losses showed
   * @param gradientNorms per network, mean over the shard's own updates; empty if it makes none
   * @param states per cell, then grid: final states of persistent chains; empty for other starts
   * @param chainSteps Langevin steps, of one image on one grid each
   * @param chainSeconds busy in chains, all cells together
   * @param gradientSeconds busy in gradients of parameters, all cells together
   * @param worker where this was computed
   */
  record Part(
      int shard,
      int images,
      List<float[]> sums,
      List<GridStatistics> statistics,
      GeneratorStatistics generator,
      List<Double> gradientNorms,
      List<List<ImageBatch>> states,
      long chainSteps,
      double chainSeconds,
      double gradientSeconds,
      Worker worker)
      implements ShardOutcome {
    /** Keeps the arrays in the form in which they travel fast. */
    public Part {
      sums = FloatArrays.of(sums);
    }

    @Override
    public Part withoutSums() {
      return new Part(
          shard,
          images,
          List.of(),
          statistics,
          generator,
          gradientNorms,
          states,
          chainSteps,
          chainSeconds,
          gradientSeconds,
          worker);
    }
  }

  /**
   * A chain or an update diverged. Not an exception: a retry would diverge again.
   *
   * @param shard number of the shard
   * @param message where
   */
  record Diverged(int shard, String message) implements ShardOutcome {
    @Override
    public Diverged withoutSums() {
      return this;
    }
  }
}
