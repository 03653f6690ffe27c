package org.gridscape.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.gridscape.config.ConfigException;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.jobs.experiment.LadderPlan;
import org.gridscape.jobs.experiment.Rung;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The methods of the second paper, each adding to the one before it, at equal compute. */
@Command(
    name = "ladder",
    description =
        "Trains every rung with every seed at equal compute, measures the samples, counts runs that diverge at higher rates, and samples in more and fewer steps.",
    footer = {
      "",
      "A rung is a configuration file. Rungs must have the same images, grids, batch, engine and",
      "measure, and langevin steps that differ by at most 5 %% over a run. Each run is one of its own,",
      "RUN-ID-RUNG-SEED; the same command goes on where it was stopped or killed. LADDER.md and",
      "ladder.json in the folder of RUN-ID are written anew after every part.",
      "",
      "Examples:",
      "  gridscape experiment ladder",
      "  gridscape experiment ladder --dry-run",
      "  gridscape experiment ladder --run-id pair --seeds 1,2 --rung a=conf/a.conf --rung b=conf/b.conf",
      "  gridscape experiment ladder --run-id short --set training.iterations=100"
    })
final class LadderCommand implements Callable<Integer> {
  private static final List<String> RUNGS =
      List.of("gcn", "w-gcn", "hidden", "upsampler", "ggcn", "ggcn-short");

  @Mixin private final RunOptions options = new RunOptions();

  @Option(
      names = "--rung",
      paramLabel = "NAME=FILE",
      description =
          "A rung and its configuration, in order; may be repeated (default: gcn, w-gcn, hidden,"
              + " upsampler, ggcn and ggcn-short, each fashion-NAME.conf).")
  private List<String> rungs = new ArrayList<>();

  @Option(
      names = "--conf-folder",
      paramLabel = "DIR",
      description =
          "Where the files of the default rungs lie (default: conf of this installation).")
  private Optional<Path> conf = Optional.empty();

  @Option(
      names = "--seeds",
      paramLabel = "N,...",
      split = ",",
      defaultValue = "1,2,3",
      description = "Seeds of the runs of each rung (default: ${DEFAULT-VALUE}).")
  private List<Long> seeds = new ArrayList<>();

  @Option(
      names = "--rates",
      paramLabel = "X,...",
      split = ",",
      defaultValue = "1,16,32",
      description =
          "Factors on the learning rate at which runs are counted that diverge (default: ${DEFAULT-VALUE}).")
  private List<Double> rates = new ArrayList<>();

  @Option(
      names = "--divergence-iterations",
      paramLabel = "N",
      defaultValue = "40",
      description = "Iterations of the runs at factors but 1 (default: ${DEFAULT-VALUE}).")
  private int divergenceIterations;

  @Option(
      names = "--sampling-steps",
      paramLabel = "K,...",
      split = ",",
      defaultValue = "0,5,10,20,30,60",
      description =
          "Steps of the chains of sampling that are compared, on the first seed (default: ${DEFAULT-VALUE}).")
  private List<Integer> samplingSteps = new ArrayList<>();

  @Override
  public Integer call() {
    if (options.config.isPresent()) {
      throw new ConfigException(
          "Invalid --config: %s (must be left out; --rung NAME=FILE names configurations)"
              .formatted(options.config.get()));
    }
    LadderPlan plan = new LadderPlan(rungs(), seeds, rates, divergenceIterations, samplingSteps);
    RunConfig config = plan.rungs().get(0).config();
    RunFolder folder = RunFolder.of(options.runs, options.runId.orElse("ladder")).storedBy(config);
    if (options.dryRun) {
      System.out.print(plan.describe(folder.runId()));
      return ExitCode.DONE;
    }
    if (config.evaluation().extractor().isEmpty()) {
      throw new ConfigException(
          "Cannot compare rungs: the classifier does not take images of %s (set evaluation.extractor)"
              .formatted(config.data().shape()));
    }
    options.computeWith(config.engine());
    RunSession.run(
        folder,
        LadderJob.NAME,
        options,
        config,
        session -> new LadderJob(session, plan, folder, options.runs).run());
    System.out.printf("Ladder: %s%n", folder.path().resolve(LadderJob.PAGE));
    return ExitCode.DONE;
  }

  private List<Rung> rungs() {
    if (!rungs.isEmpty()) {
      return rungs.stream().map(this::rung).toList();
    }
    Path folder = conf.orElseGet(() -> Path.of(System.getProperty("gridscape.home", "."), "conf"));
    return RUNGS.stream()
        .map(name -> rung(name, folder.resolve("fashion-%s.conf".formatted(name))))
        .toList();
  }

  private Rung rung(String given) {
    int equals = given.indexOf('=');
    if (equals < 1) {
      throw new ConfigException("Invalid --rung: %s (must be NAME=FILE)".formatted(given));
    }
    return rung(given.substring(0, equals), Path.of(given.substring(equals + 1)));
  }

  private Rung rung(String name, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigException("Cannot read rung %s: no file %s".formatted(name, file));
    }
    return new Rung(
        name, RunConfig.of(ConfigLayers.load(Optional.of(file), options.overrides)).located());
  }
}
