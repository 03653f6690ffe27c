package org.gridscape.jobs;

import java.util.Arrays;
import java.util.Locale;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.image.ImageBatch;

/**
 * How far one engine is from another on the same parameters and images: the largest difference, as
 * a share of the largest value of the other.
 *
 * @param values of f
 * @param inputGradient of df/dx
 * @param parameterGradient of df/dtheta
 */
record EngineAgreement(double values, double inputGradient, double parameterGradient) {
  /**
   * Kernels of another processor round otherwise, and where that moves a value over a kink a
   * gradient jumps; a wrong kernel is off by far more.
   */
  static final double BOUND = 1e-2;

  /** Computes with both; the engines hold equal parameters. */
  static EngineAgreement of(EnergyEngine one, EnergyEngine other, ImageBatch images) {
    float[] weights = new float[images.count()];
    Arrays.fill(weights, 1f / weights.length);
    return new EngineAgreement(
        difference(one.values(images), other.values(images)),
        difference(inputGradient(one, images), inputGradient(other, images)),
        difference(
            one.parameterGradient(images, weights), other.parameterGradient(images, weights)));
  }

  private static float[] inputGradient(EnergyEngine engine, ImageBatch images) {
    float[] gradient = new float[images.pixels().length];
    engine.inputGradient(images, gradient);
    return gradient;
  }

  /** Not a number if a value of either is not, or if all of the other are 0 and say nothing. */
  static double difference(float[] one, float[] other) {
    double difference = 0;
    double largest = 0;
    for (int i = 0; i < one.length; i++) {
      difference = Math.max(difference, Math.abs((double) one[i] - other[i]));
      largest = Math.max(largest, Math.abs((double) other[i]));
    }
    return difference / largest;
  }

  /** Whether all three are within {@link #BOUND}. */
  boolean isClose() {
    return values <= BOUND && inputGradient <= BOUND && parameterGradient <= BOUND;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "f %.1e, df/dx %.1e, df/dtheta %.1e",
        values,
        inputGradient,
        parameterGradient);
  }
}
