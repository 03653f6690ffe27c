package org.gridscape.langevin;

import java.util.List;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.image.ImageBatch;

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
    float[] pixels = images.pixels();
    float[] gradient = new float[pixels.length];
    float[] z = new float[pixels.length];
    int size = images.shape().size();
    PixelPass pass = new PixelPass(settings);
    double strength = 0;
    long clipped = 0;
    for (int step = 0; step < settings.steps(); step++) {
      engine.inputGradient(images, gradient);
      boolean last = step == settings.steps() - 1;
      for (int slot = 0; slot < images.count(); slot++) {
        int from = slot * size;
        int to = from + size;
        double squares = PixelPass.squares(gradient, from, to);
        if (!Double.isFinite(squares)) {
          throw new DivergedChainException("gradient", images.shape().side(), step, ids.get(slot));
        }
        strength += Math.sqrt(squares);
        if (settings.noise() > 0) {
          noise.step(step, slot, z, from, size);
        }
        if (last) {
          clipped += pass.clipped(pixels, gradient, z, from, to);
        }
        pass.move(pixels, gradient, z, from, to);
      }
    }
    return new ChainDiagnostics(strength / Math.max(1, settings.steps()), clipped);
  }
}
