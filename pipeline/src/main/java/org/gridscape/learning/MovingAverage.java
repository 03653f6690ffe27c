package org.gridscape.learning;

import java.io.Serializable;

/**
 * Exponential moving average of the parameters, from which samples are drawn.
 *
 * <p>The decay grows as (1 + t) / (10 + t) up to its largest value, so that early parameters are
 * soon forgotten.
 *
 * @param decay largest decay, in [0, 1); 0 makes the average the parameters themselves
 */
public record MovingAverage(double decay) implements Serializable {

  /** Rejects decays outside [0, 1). */
  public MovingAverage {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException(
          "Invalid decay of the moving average: " + decay + " (must be in [0, 1))");
    }
  }

  /** Moves {@code average} in place towards {@code parameters} after iteration {@code t}. */
  public void update(float[] average, float[] parameters, int t) {
    double d = Math.min(decay, (1.0 + t) / (10.0 + t));
    for (int i = 0; i < average.length; i++) {
      average[i] = (float) (d * average[i] + (1 - d) * parameters[i]);
    }
  }
}
