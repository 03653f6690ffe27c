package org.gridscape.energy;

import org.gridscape.image.ImageBatch;

/**
 * The gradient of the penalty for smooth activations, as a central difference of gradients of f.
 *
 * <p>Derived: with g = df/dx held fixed, the gradient of |g|^2/2 with respect to the parameters is
 * the derivative of df(x + s g)/dtheta in s at s = 0, so that
 *
 * <pre>d/dtheta |g|^2 = [df(x + s g)/dtheta - df(x - s g)/dtheta] / s + O(s^2),</pre>
 *
 * which is the difference along g/|g| with step h = s |g|. The two gradients of f are sums in float
 * with a relative error e; when the images move by a share r of the distance over which slopes
 * change, e/r of the difference is rounding and r^2 of it the neglected term. They balance near r =
 * e^(1/3), which is 0.004 for one rounding, 2^-24. SiLU bends over about 4, so where
 * pre-activations move about as far as pixels, that is a move of 0.016. Each image therefore gets
 * the s with which the pixel of the largest gradient moves by {@value #LARGEST_MOVE} and no other
 * further, whatever the size of the image and the strength of the gradient.
 *
 * <p>Measured against double precision: 1.4e-5 to 3.3e-5 of the gradient on [-1, 1] (4x4 to 64x64,
 * initial weights), 3e-3 on [0, 255], where pixels themselves are rounded more.
 */
final class PenaltyDifference {
  private static final float LARGEST_MOVE = 0.02f;

  private PenaltyDifference() {}

  /**
   * Computes (1/n) sum_i |df(x_i)/dx_i|^2 and its gradient.
   *
   * @param engine of a network without batch normalisation; asked for one gradient of the pixels
   *     and two of the parameters
   * @return of these images; one with df/dx = 0 adds nothing
   */
  static PenaltyGradient of(EnergyEngine engine, ImageBatch images) {
    float[] inputGradient = new float[images.pixels().length];
    engine.inputGradient(images, inputGradient);
    ImageBatch ahead = images.copy();
    ImageBatch behind = images.copy();
    float[] weights = new float[images.count()];
    int size = images.shape().size();
    for (int i = 0; i < images.count(); i++) {
      float largest = largest(inputGradient, i * size, (i + 1) * size);
      weights[i] = largest / (LARGEST_MOVE * images.count());
      for (int p = i * size; largest != 0 && p < (i + 1) * size; p++) {
        float move = LARGEST_MOVE * (inputGradient[p] / largest);
        ahead.pixels()[p] += move;
        behind.pixels()[p] -= move;
      }
    }
    float[] gradient = engine.parameterGradient(ahead, weights);
    float[] subtrahend = engine.parameterGradient(behind, weights);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] -= subtrahend[i];
    }
    return new PenaltyGradient(PenaltyGradient.mean(inputGradient, images.count()), gradient);
  }

  /** The largest absolute value in [from, to), NaN if there is one. */
  private static float largest(float[] values, int from, int to) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    return largest;
  }
}
