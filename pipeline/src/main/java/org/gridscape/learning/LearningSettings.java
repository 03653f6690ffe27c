package org.gridscape.learning;

import java.io.Serializable;
import org.gridscape.langevin.ChainStart;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.pyramid.GridLadder;

/**
 * How a cell learns.
 *
 * @param ladder grids
 * @param langevin chains
 * @param start of the chains
 * @param dataNoise deviation of the normal noise added to observed images on every grid, in units
 *     of the pixel range; the noisy image is reflected into the range, so that chains can reach it
 * @param flip whether observed images are mirrored left to right at random, half of them
 * @param energyPenalty weight alpha of alpha (mean f(observed)^2 + mean f(synthesized)^2), taken
 *     from the objective; 0 switches it off. Source: Du, Mordatch 2019
 * @param seed of every stream
 * @param noiseBranch of the chains' noise; 0 unless a run recovers from an explosion
 */
public record LearningSettings(
    GridLadder ladder,
    LangevinSettings langevin,
    ChainStart start,
    float dataNoise,
    boolean flip,
    float energyPenalty,
    long seed,
    int noiseBranch)
    implements Serializable {

  /** Rejects settings out of range. */
  public LearningSettings {
    if (!(dataNoise >= 0) || dataNoise > langevin.range().high() - langevin.range().low()) {
      throw new IllegalArgumentException(
          "Invalid data noise: " + dataNoise + " (must be >= 0 and within the pixel range)");
    }
    if (!(energyPenalty >= 0) || Float.isInfinite(energyPenalty)) {
      throw new IllegalArgumentException(
          "Invalid energy penalty: " + energyPenalty + " (must be >= 0 and finite)");
    }
  }

  /**
   * The same with another branch of the chains' noise and longer chains.
   *
   * @param extraSteps of a chain on each grid
   */
  LearningSettings with(int branch, int extraSteps) {
    return new LearningSettings(
        ladder,
        langevin.withSteps(langevin.steps() + extraSteps),
        start,
        dataNoise,
        flip,
        energyPenalty,
        seed,
        branch);
  }
}
