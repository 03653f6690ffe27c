package org.gridscape.jobs.experiment;

/**
 * Whether a run at another learning rate diverged.
 *
 * @param rung its name
 * @param seed of the run
 * @param rate factor on the learning rate
 * @param diverged whether the sentinel raised an alarm, or something was not finite
 * @param remark the alarm; empty if there was none
 */
public record ShortRun(String rung, long seed, double rate, boolean diverged, String remark) {}
