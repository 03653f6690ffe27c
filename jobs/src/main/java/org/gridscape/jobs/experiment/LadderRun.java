package org.gridscape.jobs.experiment;

import java.util.List;
import org.gridscape.report.IterationMetrics;

/**
 * What a run of a rung showed.
 *
 * @param rung its name
 * @param seed of the run
 * @param runId its folder
 * @param iterations done
 * @param alarms of the sentinel, answered or not; each says that the run diverged
 * @param remark why there is no score; empty if there is one
 * @param secondsPerIteration median
 * @param seconds of all iterations
 * @param responses per grid, coarse to fine
 * @param score of fresh samples; none or one
 */
public record LadderRun(
    String rung,
    long seed,
    String runId,
    int iterations,
    int alarms,
    String remark,
    double secondsPerIteration,
    double seconds,
    List<GridResponse> responses,
    List<Score> score) {

  /** Copies the lists. */
  public LadderRun {
    responses = List.copyOf(responses);
    score = List.copyOf(score);
  }

  /** A run as its log shows it. */
  public static LadderRun of(
      Rung rung,
      long seed,
      String runId,
      List<IterationMetrics> log,
      int alarms,
      String remark,
      List<Score> score) {
    List<Double> seconds = log.stream().map(IterationMetrics::seconds).toList();
    return new LadderRun(
        rung.name(),
        seed,
        runId,
        log.size(),
        alarms,
        remark,
        Summary.median(seconds),
        seconds.stream().mapToDouble(Double::doubleValue).sum(),
        GridResponse.of(log),
        score);
  }
}
