package org.gridscape.jobs;

import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.ConfigException;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.Checkpoint;
import org.gridscape.distribute.Determinism;
import org.gridscape.distribute.DivergedException;
import org.gridscape.distribute.IterationReport;
import org.gridscape.distribute.Learner;
import org.gridscape.distribute.ModelState;
import org.gridscape.distribute.TrainingPlan;
import org.gridscape.energy.Network;
import org.gridscape.learning.Recovery;
import org.gridscape.report.GeneratorMetrics;
import org.gridscape.report.GridMetrics;
import org.gridscape.report.IterationMetrics;
import org.gridscape.report.PenaltyMetrics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Does one iteration of a run again, with all its diagnostics, and changes nothing. */
@Command(
    name = "replay",
    description =
        "Does the iterations before one of a run again, up to it, and shows how they went.",
    footer = {
      "",
      "Starts at the newest checkpoint before the iteration and writes nothing. The same bits as in",
      "the run, so what exploded there explodes here.",
      "",
      "Example:",
      "  gridscape replay --run-id photos --iteration 5120"
    })
final class ReplayCommand implements Callable<Integer> {
  @Mixin private final RunOptions options = new RunOptions();

  @Option(names = "--iteration", paramLabel = "N", required = true, description = "From 1.")
  private int iteration;

  @Option(
      names = "--from",
      paramLabel = "M",
      description = "Start at the newest checkpoint up to this iteration (default: up to N - 1).")
  private Optional<Integer> from = Optional.empty();

  @Option(
      names = "--alarms",
      paramLabel = "K",
      description = "Replay as after K alarms in all (default: as many as the checkpoint knows).")
  private Optional<Integer> alarms = Optional.empty();

  @Override
  public Integer call() {
    RunFolder folder = RunFolder.of(options.runs, options.runId("default"));
    if (!Files.exists(folder.config())) {
      throw new ConfigException(
          "Cannot replay: no run %s in %s".formatted(folder.runId(), options.runs));
    }
    if (iteration < 1) {
      throw new ConfigException("Invalid --iteration: %d (must be >= 1)".formatted(iteration));
    }
    RunConfig config =
        RunConfig.of(ConfigLayers.load(Optional.of(folder.config()), options.overrides)).located();
    if (options.dryRun) {
      System.out.print(DryRun.describe(config));
      return ExitCode.DONE;
    }
    try (SparkSession spark = SparkSessions.open(options, "replay " + folder.runId());
        StopRequest stop = new StopRequest(options.maxWallTime)) {
      stop.cancels(spark.sparkContext());
      replay(spark, config, folder.storedBy(config));
    }
    return ExitCode.DONE;
  }

  private void replay(SparkSession spark, RunConfig config, RunFolder folder) {
    Manifest manifest = PreparedData.open(spark, config.data());
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    TrainingPlan plan = config.plan(manifest, TrainingJob.taskThreads(spark));
    int last = Math.min(from.orElse(iteration), iteration - 1);
    ModelState state =
        folder
            .checkpointStore(config)
            .latest(i -> i <= last)
            .map(Checkpoint::state)
            .orElseGet(() -> TrainingJob.again(folder, context, config, plan));
    Recovery recovery = state.recovery();
    while (recovery.alarms() < alarms.orElse(0)) {
      recovery = config.sentinel().remedy().after(recovery);
    }
    state = state.with(recovery);
    System.out.printf("From iteration %d with %s%n", state.iteration(), recovery);
    Determinism determinism = new Determinism(Determinism.Mode.STRICT, List.of());
    try (Learner learner = new Learner(context, plan, config.update(), determinism, 1)) {
      while (state.iteration() < iteration) {
        Learner.Step step = learner.next(state);
        state = step.state();
        show(step.report(), config, plan.allNetworks());
      }
      System.out.printf("parametersSha256 %s%n", state.parameters().sha256());
    } catch (DivergedException e) {
      System.out.println(e.getMessage());
    }
  }

  private static void show(IterationReport report, RunConfig config, List<Network> networks) {
    IterationMetrics seen = LoggedIteration.of(config, report, List.of(), Optional.empty());
    int iteration = report.iteration();
    for (GridMetrics grid : seen.grids()) {
      print(
          "iteration %d grid %d: f %.4g +- %.3g observed, %.4g +- %.3g synthesized, gap %.4g,"
              + " gradient strength %.4g, clipped %.3f, gradient norm %.4g",
          iteration,
          grid.side(),
          grid.observedMean(),
          grid.observedDeviation(),
          grid.synthesizedMean(),
          grid.synthesizedDeviation(),
          grid.energyGap(),
          grid.gradientStrength(),
          grid.clippedShare(),
          grid.gradientNorm());
      for (PenaltyMetrics penalty : grid.penalty()) {
        print(
            "iteration %d grid %d: gamma %.4g, P %.4g, gamma P / |gap| %.4g",
            iteration, grid.side(), penalty.gamma(), penalty.mean(), penalty.ratio());
      }
      for (double dissipation : grid.dissipation()) {
        print("iteration %d grid %d: dissipation %.4g", iteration, grid.side(), dissipation);
      }
    }
    for (GeneratorMetrics losses : seen.generator()) {
      print(
          "iteration %d generator: match %.4g, teach %.4g, reconstruct %.4g, code %.4g, normal %.4g",
          iteration,
          losses.match(),
          losses.teach(),
          losses.reconstruct(),
          losses.code(),
          losses.normal());
    }
    for (int i = seen.grids().size(); i < networks.size(); i++) {
      print(
          "iteration %d %s: gradient norm %.4g",
          iteration, networks.get(i).name(), report.gradientNorms().get(i));
    }
    config
        .sentinel()
        .alarm(TrainingJob.sides(config), report.statistics(), report.gradientNorms())
        .ifPresent(alarm -> print("iteration %d: %s", iteration, alarm));
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
