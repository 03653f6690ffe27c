package org.gridscape.jobs.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * All that is known of a ladder so far.
 *
 * @param settings what was done, where and with what; see {@link LadderMarkdown}
 * @param rungs each rung
 * @param runs each run at the rate of its configuration
 * @param divergence each run at another rate
 * @param samplingSteps samples by chains of other lengths
 */
public record LadderResults(
    JsonNode settings,
    List<RungFacts> rungs,
    List<LadderRun> runs,
    List<ShortRun> divergence,
    List<SteppedSamples> samplingSteps) {

  /** Copies the lists. */
  public LadderResults {
    rungs = List.copyOf(rungs);
    runs = List.copyOf(runs);
    divergence = List.copyOf(divergence);
    samplingSteps = List.copyOf(samplingSteps);
  }

  /**
   * What is fixed of a rung before it runs.
   *
   * @param name of the rung
   * @param iterations of a run
   * @param stepsAnImage Langevin steps of an image in an iteration, all grids together
   * @param samplingSteps of the chains on each grid whose results are measured
   */
  public record RungFacts(String name, int iterations, double stepsAnImage, int samplingSteps) {
    /** Of a rung. */
    public static RungFacts of(Rung rung) {
      return new RungFacts(
          rung.name(), rung.iterations(), rung.stepsAnImage(), rung.samplingSteps());
    }
  }

  /** The runs of a rung at the rate of its configuration. */
  List<LadderRun> runsOf(RungFacts rung) {
    return runs.stream().filter(run -> run.rung().equals(rung.name())).toList();
  }

  /** Those of them that came to their end. */
  List<LadderRun> wholeRunsOf(RungFacts rung) {
    return runsOf(rung).stream().filter(run -> run.iterations() == rung.iterations()).toList();
  }

  /** How many runs of a rung diverged at a rate, of how many, and how far their energies swung. */
  Share diverged(RungFacts rung, double rate) {
    if (rate == 1) {
      List<LadderRun> own = runsOf(rung);
      return new Share(
          own.stream().filter(run -> run.alarms() > 0).count(),
          own.size(),
          largest(own.stream().map(LadderRun::responses)));
    }
    List<ShortRun> own =
        divergence.stream()
            .filter(run -> run.rung().equals(rung.name()) && run.rate() == rate)
            .toList();
    return new Share(
        own.stream().filter(ShortRun::diverged).count(),
        own.size(),
        largest(own.stream().map(ShortRun::responses)));
  }

  /** The largest R on the finest grid. */
  private static OptionalDouble largest(Stream<List<GridResponse>> runs) {
    return runs.filter(responses -> !responses.isEmpty())
        .mapToDouble(responses -> responses.get(responses.size() - 1).largest())
        .max();
  }

  /**
   * So many of so many runs.
   *
   * @param largest R of a single iteration of any of them; empty if none did one
   */
  record Share(long some, int all, OptionalDouble largest) {}
}
