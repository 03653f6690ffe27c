package org.gridscape.langevin;

import java.util.List;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.PixelRange;

/** Runs the chains of one batch on one grid with any engine. */
public final class LangevinChain {
  private final EnergyEngine engine;
  private final LangevinSettings settings;

  /** Chains of the energy that {@code engine} computes. */
  public LangevinChain(EnergyEngine engine, LangevinSettings settings) {
    this.engine = engine;
    this.settings = settings;
  }

  /**
   * Moves every image by the configured number of steps.
   *
   * @param images changed in place
   * @param ids one name an image, for errors
   * @throws DivergedChainException at the first gradient that is not finite, before it is clipped
   */
  public ChainDiagnostics run(ImageBatch images, ChainNoise noise, List<String> ids) {
    float[] gradient = new float[images.pixels().length];
    float[] z = new float[images.pixels().length];
    int size = images.shape().size();
    double strength = 0;
    long clipped = 0;
    for (int step = 0; step < settings.steps(); step++) {
      engine.inputGradient(images, gradient);
      clipped = 0;
      for (int slot = 0; slot < images.count(); slot++) {
        int from = slot * size;
        strength += norm(gradient, from, size, images, step, ids.get(slot));
        if (settings.noise() > 0) {
          noise.step(step, slot, z, from, size);
        }
        clipped += move(images.pixels(), gradient, z, from, size);
      }
    }
    return new ChainDiagnostics(strength / settings.steps(), clipped);
  }

  /** A norm is finite only if every component is. */
  private static double norm(
      float[] gradient, int from, int size, ImageBatch images, int step, String id) {
    double squares = 0;
    for (int i = from; i < from + size; i++) {
      squares += (double) gradient[i] * gradient[i];
    }
    if (!Double.isFinite(squares)) {
      throw new DivergedChainException("gradient", images.shape().side(), step, id);
    }
    return Math.sqrt(squares);
  }

  private int move(float[] x, float[] gradient, float[] z, int from, int size) {
    float a = settings.stepSize();
    float b = settings.noise();
    float pull = 1 / (settings.referenceDeviation() * settings.referenceDeviation());
    PixelRange range = settings.range();
    int clipped = 0;
    for (int i = from; i < from + size; i++) {
      float moved = x[i] + a * (gradient[i] - x[i] * pull) + b * z[i];
      float inside = range.clip(moved);
      if (inside != moved) {
        clipped++;
      }
      x[i] = inside;
    }
    return clipped;
  }
}
