package org.gridscape.jobs.experiment;

import java.util.List;

/**
 * Whether a run at another learning rate diverged, and how far its energies swung.
 *
 * @param rung its name
 * @param seed of the run
 * @param rate factor on the learning rate
 * @param diverged whether the sentinel raised an alarm, or something was not finite
 * @param remark the alarm; empty if there was none
 * @param responses per grid, coarse to fine; none if the first iteration already diverged
 */
public record ShortRun(
    String rung,
    long seed,
    double rate,
    boolean diverged,
    String remark,
    List<GridResponse> responses) {

  /** Copies the list. */
  public ShortRun {
    responses = List.copyOf(responses);
  }
}
