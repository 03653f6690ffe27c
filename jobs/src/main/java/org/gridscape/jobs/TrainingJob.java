package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.ConfigException;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.Checkpoint;
import org.gridscape.distribute.CheckpointStore;
import org.gridscape.distribute.GradientLearner;
import org.gridscape.distribute.IterationReport;
import org.gridscape.distribute.ModelState;
import org.gridscape.distribute.Retention;
import org.gridscape.distribute.RunIdentity;
import org.gridscape.distribute.TrainingPlan;
import org.gridscape.report.GridMetrics;
import org.gridscape.report.IterationMetrics;
import org.gridscape.report.PhaseSeconds;
import org.gridscape.report.RunHistory;
import org.gridscape.storage.Patience;

/** Trains one run to its end, from its last checkpoint if it has one. */
final class TrainingJob {
  private final SparkSession spark;
  private final RunConfig config;
  private final RunFolder folder;
  private final Manifest manifest;
  private final String command;
  private final CheckpointStore checkpoints;
  private final RunIdentity identity;

  TrainingJob(
      SparkSession spark, RunConfig config, RunFolder folder, Manifest manifest, String command) {
    this.spark = spark;
    this.config = config;
    this.folder = folder;
    this.manifest = manifest;
    this.command = command;
    checkpoints =
        new CheckpointStore(
            folder.checkpoints(), config.networks(), new Patience(config.store().patience()));
    identity =
        new RunIdentity(
            config.engine().toString(),
            config.learning().seed(),
            manifest.fingerprint(),
            ConfigLayers.render(config.resolved()));
  }

  /**
   * Trains.
   *
   * @return the state after the last iteration
   * @throws StoppedException if the process was asked to stop; the last iteration done is saved
   */
  ModelState run() {
    ModelState state = start();
    folder.log().truncateAfter(state.iteration());
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    TrainingPlan plan = config.plan(manifest, taskThreads(spark));
    int total = config.update().iterations();
    TrainingSheets sheets = new TrainingSheets(spark, config, folder, manifest);
    sheets.observed();
    Retention retention = config.checkpoint().retention();
    DoubleSummaryStatistics gaps = new DoubleSummaryStatistics();
    try (GradientLearner learner = new GradientLearner(context, plan, config.update());
        StopRequest stop = new StopRequest();
        Progress progress = Progress.start(state.iteration(), total)) {
      while (state.iteration() < total) {
        GradientLearner.Step step = learner.next(state);
        state = step.state();
        folder.log().append(metrics(step.report()));
        progress.step(step.report());
        step.report().statistics().stream()
            .mapToDouble(grid -> Math.abs(grid.energyGap()))
            .forEach(gaps);
        int iteration = state.iteration();
        boolean last = iteration == total;
        boolean stopping = stop.requested();
        // Before the checkpoint: what comes after it would not be made up for by a resumed run.
        if (last || iteration % config.sampling().every() == 0) {
          sheets.synthesized(state);
        }
        if (last || stopping || retention.isScheduled(iteration)) {
          checkpoints.write(state, identity, gaps.getAverage(), retention);
          gaps = new DoubleSummaryStatistics();
        }
        if (stopping) {
          StoppedException stopped = new StoppedException(iteration);
          folder.writeResult(RunResult.failed(folder, command, JobFailure.of(stopped)));
          stop.stateSaved();
          throw stopped;
        }
      }
    }
    return state;
  }

  /** The newest checkpoint's state, or the initial one. */
  private ModelState start() {
    Optional<Checkpoint> checkpoint = checkpoints.latest();
    if (checkpoint.isEmpty()) {
      if (!checkpoints.isEmpty()) {
        throw new ConfigException(
            "Cannot continue run %s: no checkpoint in %s is whole (delete it to start anew)"
                .formatted(folder.runId(), folder.checkpoints()));
      }
      return initial(config);
    }
    RunIdentity before = checkpoint.get().identity();
    requireSame("engine", before.engine(), identity.engine());
    folder.requireSame(before.config(), config.resolved());
    requireSame("data fingerprint", before.dataFingerprint(), identity.dataFingerprint());
    ModelState state = checkpoint.get().state();
    if (state.iteration() > 0 && state.iteration() < config.update().iterations()) {
      System.err.printf(
          "Continuing run %s after iteration %d%n", folder.runId(), state.iteration());
    }
    return state;
  }

  /** Cells that a task computes at once: the cores that Spark gives it. */
  static int taskThreads(SparkSession spark) {
    return spark.sparkContext().getConf().getInt("spark.task.cpus", 1);
  }

  /** The state before the first iteration. */
  static ModelState initial(RunConfig config) {
    return ModelState.initial(
        config.networks(), config.initial(), config.update().optimizer(), config.learning().seed());
  }

  private void requireSame(String thing, String before, String now) {
    if (!before.equals(now)) {
      throw new ConfigException(
          "Cannot continue run %s: its %s was %s and is now %s (must be the same; choose another --run-id)"
              .formatted(folder.runId(), thing, before, now));
    }
  }

  private IterationMetrics metrics(IterationReport report) {
    List<GridMetrics> grids = new ArrayList<>();
    for (int grid = 0; grid < report.statistics().size(); grid++) {
      var statistics = report.statistics().get(grid);
      grids.add(
          new GridMetrics(
              config.networks().get(grid).shape().side(),
              statistics.energyGap(),
              statistics.observedMean(),
              statistics.observedDeviation(),
              statistics.synthesizedMean(),
              statistics.synthesizedDeviation(),
              statistics.meanGradientStrength(),
              statistics.clippedShare(),
              report.gradientNorms().get(grid)));
    }
    IterationReport.Phases phases = report.phases();
    return new IterationMetrics(
        report.iteration(),
        report.seconds(),
        report.learningRate(),
        new PhaseSeconds(
            phases.broadcast(), phases.chain(), phases.gradient(), phases.sum(), phases.update()),
        grids);
  }

  /** What training contributes to result.json. */
  ObjectNode result(ModelState state) {
    RunHistory history = folder.log().read();
    ObjectNode result = RunResult.complete(folder, command);
    result.put("iterations", state.iteration());
    result.put(
        "secondsPerIteration",
        history.iterations().stream().mapToDouble(IterationMetrics::seconds).average().orElse(0));
    result.put("engine", config.engine().toString());
    result.put("parametersSha256", state.parameters().sha256());
    ObjectNode gaps = result.putObject("energyGaps");
    history.iterations().stream()
        .reduce((earlier, later) -> later)
        .ifPresent(
            last ->
                last.grids()
                    .forEach(grid -> gaps.put(Integer.toString(grid.side()), grid.energyGap())));
    return result;
  }
}
