package org.gridscape.langevin;

import org.gridscape.image.PixelRange;

/**
 * The update x <- clip(x + a (g - x/s^2) + b z) and its diagnostics, on the pixels [from, to) of
 * arrays of one layout.
 *
 * <p>Image by image, so that what one loop reads the next finds in the cache. Loops over one index
 * and without branches, which a compiler turns into vector instructions.
 */
final class PixelPass {
  private final float stepSize;
  private final float noise;
  private final float pull;
  private final PixelRange range;

  PixelPass(LangevinSettings settings) {
    stepSize = settings.stepSize();
    noise = settings.noise();
    pull = 1 / (settings.referenceDeviation() * settings.referenceDeviation());
    range = settings.range();
  }

  /**
   * The sum of squares, finite if and only if every value is.
   *
   * <p>Four sums of every fourth value each, so that additions need not wait for one another.
   */
  static double squares(float[] values, int from, int to) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = from;
    for (; i < to - 3; i += 4) {
      sum0 += square(values[i]);
      sum1 += square(values[i + 1]);
      sum2 += square(values[i + 2]);
      sum3 += square(values[i + 3]);
    }
    for (; i < to; i++) {
      sum0 += square(values[i]);
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  /** How many pixels {@link #move} is going to clip. */
  int clipped(float[] pixels, float[] gradient, float[] z, int from, int to) {
    int clipped = 0;
    for (int i = from; i < to; i++) {
      float moved = moved(pixels[i], gradient[i], z[i]);
      if (range.clip(moved) != moved) {
        clipped++;
      }
    }
    return clipped;
  }

  /**
   * Moves the pixels.
   *
   * @param pixels changed in place
   * @param gradient g, finite
   * @param z noise
   */
  void move(float[] pixels, float[] gradient, float[] z, int from, int to) {
    for (int i = from; i < to; i++) {
      pixels[i] = range.clip(moved(pixels[i], gradient[i], z[i]));
    }
  }

  private float moved(float x, float g, float z) {
    return x + stepSize * (g - x * pull) + noise * z;
  }

  private static double square(float value) {
    return (double) value * value;
  }
}
