package org.gridscape.learning;

import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;

/** Images whose pixels are independent particles on the line, and chains that nothing clips. */
final class Particles {
  static final PixelRange WIDE = new PixelRange(-1000f, 1000f);

  private Particles() {}

  /** Chains at temperature 1: a = eps^2 / 2, b = eps, no reference. */
  static LangevinSettings chains(double eps, int steps) {
    return new LangevinSettings(
        steps, (float) (eps * eps / 2), (float) eps, Float.POSITIVE_INFINITY, WIDE);
  }

  /** Normal draws, moved and scaled so that their mean is 0 and their variance 1 up to rounding. */
  static ImageBatch standardised(ImageShape shape, int count, int address) {
    ImageBatch drawn = ImageBatch.zeros(shape, count);
    NoiseStream.of(17, NoiseStream.Purpose.DATA)
        .normals(NoiseAddress.of(0, address), drawn.pixels());
    return whitened(drawn);
  }

  /** The same particles with mean 0 and variance 1. */
  static ImageBatch whitened(ImageBatch particles) {
    return affine(particles, -mean(particles), 1 / deviation(particles));
  }

  /** (x + shift) scale of every particle x. */
  static ImageBatch affine(ImageBatch particles, double shift, double scale) {
    ImageBatch moved = particles.copy();
    for (int i = 0; i < moved.pixels().length; i++) {
      moved.pixels()[i] = (float) ((moved.pixels()[i] + shift) * scale);
    }
    return moved;
  }

  static double mean(ImageBatch particles) {
    double sum = 0;
    for (float x : particles.pixels()) {
      sum += x;
    }
    return sum / particles.pixels().length;
  }

  static double deviation(ImageBatch particles) {
    double mean = mean(particles);
    double sum = 0;
    for (float x : particles.pixels()) {
      sum += (x - mean) * (x - mean);
    }
    return Math.sqrt(sum / particles.pixels().length);
  }

  /** Mean of the products of particles at the same place. */
  static double meanProduct(ImageBatch some, ImageBatch others) {
    double sum = 0;
    for (int i = 0; i < some.pixels().length; i++) {
      sum += (double) some.pixels()[i] * others.pixels()[i];
    }
    return sum / some.pixels().length;
  }
}
