package org.gridscape.distribute;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.gridscape.energy.GridNetwork;
import org.gridscape.learning.GradientClip;
import org.gridscape.learning.OptimizerState;

/**
 * The parameters of one grid after an update, and what its optimiser remembers.
 *
 * @param parameters flat, as the network has them
 * @param optimizer after the update
 * @param gradientNorm before the gradient was clipped
 */
record GridUpdate(float[] parameters, OptimizerState optimizer, double gradientNorm) {

  /**
   * Updates a grid by its mean gradient.
   *
   * @param rate learning rate
   * @param parameters not modified
   * @param state not modified
   * @param gradient clipped in place
   */
  static GridUpdate of(
      UpdateRule rule,
      double rate,
      GridNetwork network,
      float[] parameters,
      OptimizerState state,
      float[] gradient) {
    double norm = GradientClip.norm(gradient);
    rule.clip().apply(gradient, network);
    float[] updated = parameters.clone();
    OptimizerState after = rule.optimizer().update(updated, gradient, state.copy(), rate);
    return new GridUpdate(updated, after, norm);
  }

  /**
   * What is not finite, if anything: no checkpoint may hold it.
   *
   * @param updates per grid
   */
  static Optional<String> notFinite(List<GridNetwork> networks, List<GridUpdate> updates) {
    for (int grid = 0; grid < updates.size(); grid++) {
      int side = networks.get(grid).shape().side();
      if (!Double.isFinite(updates.get(grid).gradientNorm())) {
        return Optional.of("gradient of parameters is not finite on grid " + side);
      }
      if (!Double.isFinite(GradientClip.norm(updates.get(grid).parameters()))) {
        return Optional.of("parameters are not finite on grid " + side + " after the update");
      }
    }
    return Optional.empty();
  }

  /** Grids share nothing on the driver, so they are computed side by side; results in order. */
  static <T> List<T> eachGrid(int grids, IntFunction<T> work) {
    return IntStream.range(0, grids).parallel().mapToObj(work).toList();
  }
}
