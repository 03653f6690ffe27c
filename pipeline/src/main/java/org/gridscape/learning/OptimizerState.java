package org.gridscape.learning;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What an optimiser remembers of one grid.
 *
 * @param updates number of updates made
 * @param moments running averages, each of the length of the parameters; changed in place by the
 *     optimiser
 */
public record OptimizerState(int updates, List<float[]> moments) implements Serializable {

  /** A state before the first update. */
  static OptimizerState zeros(int moments, int parameters) {
    List<float[]> arrays = new ArrayList<>();
    for (int m = 0; m < moments; m++) {
      arrays.add(new float[parameters]);
    }
    return new OptimizerState(0, arrays);
  }

  /** A copy that shares nothing with this state. */
  public OptimizerState copy() {
    return new OptimizerState(updates, moments.stream().map(float[]::clone).toList());
  }

  OptimizerState next() {
    return new OptimizerState(updates + 1, moments);
  }
}
