package org.gridscape.distribute;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.gridscape.energy.MapNetwork;
import org.gridscape.energy.Network;
import org.gridscape.learning.GradientClip;
import org.gridscape.learning.OptimizerState;

/**
 * The parameters of one network after an update, and what its optimiser remembers.
 *
 * @param parameters flat, as the network has them
 * @param optimizer after the update
 * @param gradientNorm before the gradient was clipped
 */
record NetworkUpdate(float[] parameters, OptimizerState optimizer, double gradientNorm) {

  /**
   * Updates a network by its mean gradient.
   *
   * @param rate learning rate of the grids
   * @param parameters not modified
   * @param state not modified
   * @param gradient clipped in place
   */
  static NetworkUpdate of(
      UpdateRule rule,
      double rate,
      Network network,
      float[] parameters,
      OptimizerState state,
      float[] gradient) {
    double own = network instanceof MapNetwork ? rate * rule.generatorRate() : rate;
    double norm = GradientClip.norm(gradient);
    rule.clip().apply(gradient, network);
    float[] updated = parameters.clone();
    OptimizerState after = rule.optimizer().update(updated, gradient, state.copy(), own);
    return new NetworkUpdate(updated, after, norm);
  }

  /**
   * What is not finite, if anything: no checkpoint may hold it.
   *
   * @param updates per network
   */
  static Optional<String> notFinite(List<? extends Network> networks, List<NetworkUpdate> updates) {
    for (int i = 0; i < updates.size(); i++) {
      String name = networks.get(i).name();
      if (!Double.isFinite(updates.get(i).gradientNorm())) {
        return Optional.of("gradient of parameters is not finite in " + name);
      }
      if (!Double.isFinite(GradientClip.norm(updates.get(i).parameters()))) {
        return Optional.of("parameters are not finite in " + name + " after the update");
      }
    }
    return Optional.empty();
  }

  /** Networks share nothing on the driver, so they are computed side by side; results in order. */
  static <T> List<T> each(int networks, IntFunction<T> work) {
    return IntStream.range(0, networks).parallel().mapToObj(work).toList();
  }
}
