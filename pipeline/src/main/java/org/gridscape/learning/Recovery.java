package org.gridscape.learning;

import java.io.Serializable;
import java.util.Locale;

/**
 * What the sentinel has changed in a run so far; part of the checkpointed state.
 *
 * @param alarms how many there were
 * @param noiseBranch of the chains' noise; 0 at first
 * @param rateFactor on the learning rate; 1 at first
 * @param extraSteps of a chain on each grid; 0 at first
 */
public record Recovery(int alarms, int noiseBranch, double rateFactor, int extraSteps)
    implements Serializable {

  /** Nothing was changed. */
  public static final Recovery NONE = new Recovery(0, 0, 1, 0);

  /** The settings of learning with noise branch and steps as they are now. */
  public LearningSettings applied(LearningSettings settings) {
    return equals(NONE) ? settings : settings.with(noiseBranch, extraSteps);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "alarm %d: noise branch %d, learning rate x %.4g, %d more steps",
        alarms,
        noiseBranch,
        rateFactor,
        extraSteps);
  }
}
