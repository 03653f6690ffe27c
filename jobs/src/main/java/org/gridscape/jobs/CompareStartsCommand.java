package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.gridscape.config.ConfigException;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.Learner;
import org.gridscape.distribute.ModelState;
import org.gridscape.distribute.TrainingPlan;
import org.gridscape.langevin.ChainStart;
import org.gridscape.report.IterationMetrics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Multi-grid against the other starts of chains, at the same top network and wall time. */
@Command(
    name = "compare-starts",
    description =
        "Trains multi-grid, then noise starts, persistent chains and contrastive divergence on the finest grid alone for as long, and tabulates their distances.",
    footer = {
      "",
      "Samples of the three others start from uniform noise: 90 steps for noise starts, 300 for the rest.",
      "",
      "Example:",
      "  gridscape compare-starts --config conf/quickstart.conf --run-id starts"
    })
final class CompareStartsCommand implements Callable<Integer> {
  private static final String NAME = "compare-starts";
  private static final String DISTANCE = "distance";
  private static final double TIMED_SECONDS = 15;
  private static final int TIMED_AT_LEAST = 6;

  @Mixin private final RunOptions options = new RunOptions();

  /** A start to compare: its name, steps of learning and steps of sampling. */
  private record Rival(String start, int steps, int samplingSteps) {}

  /** A row of the table. */
  private record Row(
      String start, int steps, int iterations, double seconds, double distance, String remark) {}

  private static final List<Rival> RIVALS =
      List.of(
          new Rival("noise", 90, 90), new Rival("persistent", 30, 300), new Rival("data", 1, 300));

  @Override
  public Integer call() {
    RunConfig config = options.load();
    RunFolder folder = RunFolder.of(options.runs, options.runId.orElse("starts")).storedBy(config);
    if (options.dryRun) {
      System.out.print(DryRun.describe(config));
      return ExitCode.DONE;
    }
    if (!(config.learning().start() instanceof ChainStart.MinimalImage)) {
      throw new ConfigException(
          "Cannot compare starts: training.start is %s (must be minimal-image, the first of those compared)"
              .formatted(config.resolved().getString("training.start")));
    }
    if (config.evaluation().extractor().isEmpty()) {
      throw new ConfigException(
          "Cannot compare starts: the classifier does not take images of %s (set evaluation.extractor)"
              .formatted(config.data().shape()));
    }
    // What a rival cannot be given shall not show after hours of the first.
    RIVALS.forEach(rival -> rivalConfig(config, rival, 1));
    ObjectNode result =
        RunSession.run(folder, NAME, options, config, session -> compare(session, config, folder));
    System.out.print(result.path("table").asText());
    return ExitCode.DONE;
  }

  private ObjectNode compare(RunSession session, RunConfig config, RunFolder folder) {
    folder.claim(config.resolved());
    Manifest manifest = PreparedData.open(session.spark(), config.data());
    List<Row> rows = new ArrayList<>();
    Row multigrid = train(session, manifest, config, folder, "minimal-image");
    rows.add(multigrid);
    for (Rival rival : RIVALS) {
      int iterations = iterations(session, config, rival, manifest, folder, multigrid.seconds());
      rows.add(
          train(session, manifest, rivalConfig(config, rival, iterations), folder, rival.start()));
    }
    ObjectNode result = RunResult.complete(folder, NAME);
    ArrayNode array = result.putArray("starts");
    rows.forEach(row -> array.add(RunFolder.JSON.<ObjectNode>valueToTree(row)));
    return result.put("table", table(rows));
  }

  private static RunConfig rivalConfig(RunConfig config, Rival rival, int iterations) {
    int top = config.learning().ladder().topSide();
    Config own =
        ConfigFactory.parseString(
            """
            pyramid.sides = [1, %d]
            langevin { steps = %d, schedule.last = auto }
            training { start = %s, iterations = %d }
            generator { upsampler = "", encoder = "", pretrain.epochs = 0 }
            sampling { steps = %d, every = %d }
            # Rivals run away as they do.
            sentinel { energyGap = infinity, gradientStrength = infinity, clippedShare = 1 }
            sentinel { gradientNorm = infinity, tries = 0 }
            """
                .formatted(
                    top,
                    rival.steps(),
                    rival.start(),
                    iterations,
                    rival.samplingSteps(),
                    iterations));
    return RunConfig.of(own.withFallback(config.resolved())).located();
  }

  /** As many iterations as fit the time, or those of a comparison that was cut short. */
  private int iterations(
      RunSession session,
      RunConfig config,
      Rival rival,
      Manifest manifest,
      RunFolder parent,
      double seconds) {
    RunFolder before = rivalFolder(parent, rival.start());
    if (Files.exists(before.config())) {
      return ConfigLayers.load(Optional.of(before.config()), List.of())
          .getInt("training.iterations");
    }
    double each = secondsPerIteration(session, rivalConfig(config, rival, 1), manifest);
    return Math.max(1, (int) (seconds / each));
  }

  private RunFolder rivalFolder(RunFolder parent, String start) {
    return RunFolder.of(options.runs, parent.runId() + "-" + start);
  }

  /** Median of iterations that are thrown away: the later half of a quarter minute. */
  private static double secondsPerIteration(
      RunSession session, RunConfig config, Manifest manifest) {
    TrainingPlan plan = config.plan(manifest, TrainingJob.taskThreads(session.spark()));
    ModelState state = TrainingJob.initial(session.context(), config, plan, Optional.empty());
    List<Double> seconds = new ArrayList<>();
    double passed = 0;
    try (Learner learner = new Learner(session.context(), plan, config.update())) {
      while (passed < TIMED_SECONDS || seconds.size() < TIMED_AT_LEAST) {
        Learner.Step step = learner.next(state);
        state = step.state();
        seconds.add(step.report().seconds());
        passed += step.report().seconds();
      }
    }
    List<Double> later = seconds.subList(seconds.size() / 2, seconds.size());
    return later.stream().sorted().toList().get(later.size() / 2);
  }

  private Row train(
      RunSession session, Manifest manifest, RunConfig config, RunFolder parent, String start) {
    RunFolder folder = rivalFolder(parent, start).storedBy(config);
    int steps = config.learning().langevin().steps();
    int iterations = config.update().iterations();
    if (folder.isComplete(iterations) && folder.result().orElseThrow().has(DISTANCE)) {
      double distance = folder.result().orElseThrow().path(DISTANCE).asDouble();
      return new Row(start, steps, iterations, seconds(folder), distance, "");
    }
    folder.claim(config.resolved());
    System.err.printf("Start %s: %d iterations%n", start, iterations);
    TrainingJob job = new TrainingJob(session, config, folder, manifest, NAME);
    try (RunScores scores =
        RunScores.of(session.context(), config, folder, manifest).orElseThrow()) {
      ModelState state = job.run();
      double distance = distance(session, manifest, config, folder, state, scores);
      folder.writeResult(job.result(state).put(DISTANCE, distance));
      return new Row(start, steps, state.iteration(), seconds(folder), distance, "");
    } catch (GaveUpException e) {
      folder.writeResult(RunResult.failed(folder, NAME, JobFailure.of(e)));
      return new Row(
          start, steps, e.iteration(), seconds(folder), Double.NaN, String.valueOf(e.getMessage()));
    }
  }

  private static double distance(
      RunSession session,
      Manifest manifest,
      RunConfig config,
      RunFolder folder,
      ModelState state,
      RunScores scores) {
    try (SamplingJob sampling = new SamplingJob(session.spark(), config, folder, () -> manifest)) {
      sampling.write(state);
    }
    return scores.finalScore(state, folder.parquet()).path("samples").asDouble();
  }

  private static double seconds(RunFolder folder) {
    return folder.log().read().iterations().stream().mapToDouble(IterationMetrics::seconds).sum();
  }

  private static String table(List<Row> rows) {
    StringBuilder table =
        new StringBuilder(
            """
            | start of the chains | steps | iterations | seconds | distance |
            | --- | --- | --- | --- | --- |
            """);
    for (Row row : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %d | %.0f | %s |%n",
              row.start(),
              row.steps(),
              row.iterations(),
              row.seconds(),
              row.remark().isEmpty()
                  ? String.format(Locale.ROOT, "%.1f", row.distance())
                  : row.remark()));
    }
    return table.toString();
  }
}
