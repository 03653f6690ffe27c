package org.gridscape.langevin;

import java.io.Serializable;
import org.gridscape.image.PixelRange;

/**
 * Settings of the chains; the same for every grid.
 *
 * @param steps steps of a chain, 0 to 65535, 0 for a start that stays as it is; a short run has no
 *     burn-in to discard
 * @param stepSize a, positive, in squared units of the range
 * @param noise b, not negative, in units of the range; 0 gives projected gradient ascent
 * @param referenceDeviation s of the Gaussian reference, positive, in units of the range; infinity
 *     for a uniform reference on the range
 * @param range pixels are clipped to it after every step
 */
public record LangevinSettings(
    int steps, float stepSize, float noise, float referenceDeviation, PixelRange range)
    implements Serializable {

  /** Rejects settings under which no chain can run. */
  public LangevinSettings {
    if (steps < 0 || steps > 0xffff) {
      throw new IllegalArgumentException(
          "Invalid langevin steps: " + steps + " (must be 0 to 65535)");
    }
    if (!(stepSize > 0) || Float.isInfinite(stepSize)) {
      throw new IllegalArgumentException(
          "Invalid langevin step size: " + stepSize + " (must be > 0 and finite)");
    }
    if (!(noise >= 0) || Float.isInfinite(noise)) {
      throw new IllegalArgumentException(
          "Invalid langevin noise: " + noise + " (must be >= 0 and finite)");
    }
    if (!(referenceDeviation > 0)) {
      throw new IllegalArgumentException(
          "Invalid reference deviation: " + referenceDeviation + " (must be > 0)");
    }
  }

  /** The same chain with another number of steps. */
  public LangevinSettings withSteps(int newSteps) {
    return new LangevinSettings(newSteps, stepSize, noise, referenceDeviation, range);
  }
}
