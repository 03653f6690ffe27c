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
 * @param penalty of w-GCN
 * @param schedule of the chains' steps
 * @param iterations of the whole run, each cell counted once an iteration; for what changes in its
 *     course
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
    GradientPenalty penalty,
    StepSchedule schedule,
    int iterations,
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
    if (penalty.gammas().size() != ladder.grids()) {
      throw new IllegalArgumentException(
          "Invalid training.penalty.gamma: %s (must be one number, or one for each of the grids %s)"
              .formatted(penalty.gammas(), ladder.gridSides()));
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
        penalty,
        new StepSchedule(schedule.last() + extraSteps, schedule.hold()),
        iterations,
        seed,
        branch);
  }

  /**
   * The share of the run that is done, 0 at the first iteration and 1 at the last and after it.
   *
   * @param iteration from 1
   */
  double done(int iteration) {
    return iterations == 1 ? 0 : Math.min(1, (iteration - 1.0) / (iterations - 1));
  }

  /** The chains of an iteration. */
  public LangevinSettings langevinAt(int iteration) {
    return langevin.withSteps(schedule.steps(langevin.steps(), done(iteration)));
  }
}
