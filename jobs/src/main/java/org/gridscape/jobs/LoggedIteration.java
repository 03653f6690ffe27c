package org.gridscape.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridscape.config.RunConfig;
import org.gridscape.distribute.IterationReport;
import org.gridscape.generator.GeneratorStatistics;
import org.gridscape.image.ImageShape;
import org.gridscape.learning.GridStatistics;
import org.gridscape.report.GeneratorMetrics;
import org.gridscape.report.GridMetrics;
import org.gridscape.report.IterationMetrics;
import org.gridscape.report.PenaltyMetrics;
import org.gridscape.report.PhaseSeconds;
import org.gridscape.report.RecoveryNote;
import org.gridscape.report.SampleScore;

/** What the log says of an iteration: means of the sums that the learner reports. */
final class LoggedIteration {
  private LoggedIteration() {}

  /**
   * The line of an iteration.
   *
   * @param recoveries made right before it
   * @param score of samples drawn after it
   */
  static IterationMetrics of(
      RunConfig config,
      IterationReport report,
      List<RecoveryNote> recoveries,
      Optional<SampleScore> score) {
    IterationReport.Phases phases = report.phases();
    return new IterationMetrics(
        report.iteration(),
        report.seconds(),
        report.learningRate(),
        new PhaseSeconds(
            phases.broadcast(), phases.chain(), phases.gradient(), phases.sum(), phases.update()),
        report.executors(),
        grids(TrainingJob.sides(config), report),
        recoveries,
        generator(config, report.generator()),
        score.stream().toList());
  }

  private static List<GridMetrics> grids(List<Integer> sides, IterationReport report) {
    List<GridMetrics> grids = new ArrayList<>();
    for (int grid = 0; grid < sides.size(); grid++) {
      GridStatistics seen = report.statistics().get(grid);
      grids.add(
          new GridMetrics(
              sides.get(grid),
              seen.energyGap(),
              seen.observedMean(),
              seen.observedDeviation(),
              seen.synthesizedMean(),
              seen.synthesizedDeviation(),
              seen.meanGradientStrength(),
              seen.clippedShare(),
              report.gradientNorms().get(grid),
              penalty(seen),
              seen.change().dissipation().stream().boxed().toList()));
    }
    return grids;
  }

  private static List<PenaltyMetrics> penalty(GridStatistics seen) {
    return seen.gamma() == 0
        ? List.of()
        : List.of(
            PenaltyMetrics.of(
                seen.gamma(),
                seen.observedSquaredSlope(),
                seen.synthesizedSquaredSlope(),
                seen.meanPenalty(),
                seen.energyGap()));
  }

  private static List<GeneratorMetrics> generator(RunConfig config, GeneratorStatistics seen) {
    if (seen.images() == 0) {
      return List.of();
    }
    double images = seen.images();
    double pixels =
        images * config.networks().stream().mapToInt(network -> network.shape().size()).sum();
    ImageShape first = config.networks().get(0).shape();
    double coordinates = images * first.withSide(config.generator().hiddenSide()).size();
    return List.of(
        new GeneratorMetrics(
            seen.match() / pixels,
            seen.teach() / pixels,
            seen.reconstruct() / pixels,
            seen.code() / coordinates,
            seen.normal() / images));
  }
}
