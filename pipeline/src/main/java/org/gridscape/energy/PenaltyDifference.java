package org.gridscape.energy;

import org.gridscape.image.ImageBatch;

/**
 * The gradient of the penalty for a smooth f, as a central difference of gradients of f.
 *
 * <p>Derived: with g = df/dx held fixed, the gradient of |g|^2/2 with respect to the parameters is
 * the derivative of df(x + s g)/dtheta in s at 0, for any s the central difference over (-s, s) up
 * to O(s^2). Here s is chosen for each image so that the pixel with the largest gradient moves by
 * STEP.
 */
final class PenaltyDifference {
  static float step = 0.02f;

  private PenaltyDifference() {}

  /**
   * d/dtheta (1/n) sum_i |df(x_i)/dx_i|^2.
   *
   * @param engine without batch normalisation; asked for one gradient of the pixels and two of the
   *     parameters
   */
  static float[] gradient(EnergyEngine engine, ImageBatch images) {
    float[] gradient = new float[images.pixels().length];
    engine.inputGradient(images, gradient);
    ImageBatch ahead = images.copy();
    ImageBatch behind = images.copy();
    float[] weights = new float[images.count()];
    int size = images.shape().size();
    for (int i = 0; i < images.count(); i++) {
      float largest = 0;
      for (int p = i * size; p < (i + 1) * size; p++) {
        largest = Math.max(largest, Math.abs(gradient[p]));
      }
      if (largest == 0) {
        continue;
      }
      weights[i] = largest / (step * images.count());
      for (int p = i * size; p < (i + 1) * size; p++) {
        float move = step * (gradient[p] / largest);
        ahead.pixels()[p] += move;
        behind.pixels()[p] -= move;
      }
    }
    float[] difference = engine.parameterGradient(ahead, weights);
    float[] subtrahend = engine.parameterGradient(behind, weights);
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= subtrahend[i];
    }
    return difference;
  }
}
