package org.gridscape.jobs.experiment;

import java.util.List;

/**
 * Samples of a run by chains of so many steps.
 *
 * @param rung its name
 * @param seed of the run
 * @param steps on each grid
 * @param imagesPerSecond drawn, writing and measuring left out
 * @param remark why there is no score; empty if there is one
 * @param score none or one
 */
public record SteppedSamples(
    String rung, long seed, int steps, double imagesPerSecond, String remark, List<Score> score) {

  /** Copies the list. */
  public SteppedSamples {
    score = List.copyOf(score);
  }
}
