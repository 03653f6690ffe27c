package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.ConfigException;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.Checkpoint;
import org.gridscape.distribute.CheckpointStore;
import org.gridscape.distribute.Determinism;
import org.gridscape.distribute.DivergedException;
import org.gridscape.distribute.IterationReport;
import org.gridscape.distribute.Learner;
import org.gridscape.distribute.ModelState;
import org.gridscape.distribute.Parameters;
import org.gridscape.distribute.Retention;
import org.gridscape.distribute.Rollback;
import org.gridscape.distribute.RunIdentity;
import org.gridscape.distribute.TrainingGauges;
import org.gridscape.distribute.TrainingPlan;
import org.gridscape.report.IterationMetrics;
import org.gridscape.report.RecoveryNote;
import org.gridscape.report.RunHistory;
import org.gridscape.report.SampleScore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains one run up to an iteration, from its last checkpoint if it has one.
 *
 * <p>When the sentinel raises an alarm, the run goes back as {@link Rollback} says.
 */
final class TrainingJob {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingJob.class);

  private final RunSession session;
  private final RunConfig config;
  private final RunFolder folder;
  private final Manifest manifest;
  private final String command;
  private final CheckpointStore checkpoints;
  private Determinism determinism;
  private final List<RecoveryNote> recoveries = new ArrayList<>();
  private int courseStart;
  private int saved;
  private double measure = Double.NaN;

  TrainingJob(
      RunSession session, RunConfig config, RunFolder folder, Manifest manifest, String command) {
    this.session = session;
    this.config = config;
    this.folder = folder;
    this.manifest = manifest;
    this.command = command;
    checkpoints = folder.checkpointStore(config);
    determinism = new Determinism(config.cluster().determinism(), List.of());
  }

  /** Trains for as many iterations as the configuration has. */
  ModelState run() {
    return run(config.update().iterations(), Optional::empty);
  }

  /**
   * Trains.
   *
   * @param until the last iteration
   * @param first parameters to start from, unless there is a checkpoint
   * @return the state after the last iteration
   * @throws StoppedException if the process was asked to stop; the last iteration done is saved
   * @throws GaveUpException if there was one alarm too many
   * @throws IterationFailedException if executors, data or disks failed; what was done is saved
   */
  ModelState run(int until, Supplier<Optional<Parameters>> first) {
    TrainingPlan plan = config.plan(manifest, taskThreads(session.spark()));
    ModelState state = start(plan, first);
    folder.claim(config.resolved());
    checkpoints.warmUp(state);
    folder.log().truncateAfter(state.iteration());
    TrainingSheets sheets = new TrainingSheets(session.spark(), config, folder, () -> manifest);
    sheets.observed();
    try (Learner learner =
            new Learner(
                session.context(), plan, config.update(), determinism, config.dissipationEvery());
        TrainingScores scores = TrainingScores.open(session.context(), config, folder, manifest);
        Progress progress = Progress.start(state.iteration(), until)) {
      while (state.iteration() < until) {
        session.lock().requireHeld();
        if (session.stop().requested()) {
          throw stopped(state);
        }
        Optional<String> alarm;
        try {
          Learner.Step step = learner.next(state);
          alarm = alarm(step.report());
          if (alarm.isEmpty()) {
            double measured = log(step.report(), scores.of(step.state()));
            TrainingGauges.update(step.report(), config.networks());
            progress.step(step.report());
            int iteration = step.state().iteration();
            if (iteration == until || iteration % config.sampling().every() == 0) {
              draw(sheets, step.state());
            }
            // Only now is the iteration done: a resumed run would not make up for its sheet.
            state = step.state();
            measure = measured;
          }
        } catch (DivergedException e) {
          alarm = Optional.of(e.reason());
        } catch (Exception e) {
          throw failed(state, e);
        }
        if (alarm.isPresent()) {
          state = recovered(plan, state, alarm.get());
          continue;
        }
        if (state.iteration() == until || isSaved(state.iteration())) {
          save(state);
        }
      }
    }
    return state;
  }

  private boolean isSaved(int iteration) {
    return retention().isScheduled(iteration)
        || (retention().keepBest() && config.evaluation().isDue(iteration));
  }

  /** The newest checkpoint's state, or the initial one. */
  private ModelState start(TrainingPlan plan, Supplier<Optional<Parameters>> first) {
    Optional<Checkpoint> checkpoint = checkpoints.latest();
    if (checkpoint.isEmpty()) {
      if (!checkpoints.isEmpty()) {
        throw new ConfigException(
            "Cannot continue run %s: no checkpoint in %s is whole (delete it to start anew)"
                .formatted(folder.runId(), folder.checkpoints()));
      }
      Optional<Parameters> given = first.get();
      ModelState initial = initial(session.context(), config, plan, given);
      if (given.isEmpty() && config.pretraining().isPresent()) {
        System.err.println("Pre-training the generator with dl4j-spark");
        initial =
            initial.startingFrom(
                GeneratorStart.pretrained(
                    session.context(), config, manifest, config.pretraining().get(), initial));
      }
      if (given.isPresent() || config.pretraining().isPresent()) {
        // It cannot be had again: the run it comes from may go on, training differs each time.
        save(initial);
      }
      return initial;
    }
    RunIdentity before = checkpoint.get().identity();
    RunIdentity now = identity();
    requireSame("engine", before.engine(), now.engine());
    folder.requireSame(before.config(), config.resolved());
    requireSame("data fingerprint", before.dataFingerprint(), now.dataFingerprint());
    determinism = new Determinism(config.cluster().determinism(), before.fingerprints());
    ModelState state = checkpoint.get().state();
    saved = state.iteration();
    courseStart = state.iteration();
    if (state.iteration() > 0) {
      System.err.printf(
          "Continuing run %s after iteration %d%n", folder.runId(), state.iteration());
    }
    return state;
  }

  private RunIdentity identity() {
    return new RunIdentity(
        config.engine().toString(),
        config.learning().seed(),
        manifest.fingerprint(),
        ConfigLayers.render(config.resolved()),
        determinism.seen());
  }

  private void requireSame(String thing, String before, String now) {
    if (!before.equals(now)) {
      throw new ConfigException(
          "Cannot continue run %s: its %s was %s and is now %s (must be the same; choose another --run-id)"
              .formatted(folder.runId(), thing, before, now));
    }
  }

  private Optional<String> alarm(IterationReport report) {
    return config.sentinel().alarm(sides(config), report.statistics(), report.gradientNorms());
  }

  /** The state to go on from after an alarm, which is not to be saved again. */
  private ModelState recovered(TrainingPlan plan, ModelState before, String alarm) {
    int iteration = before.iteration() + 1;
    ModelState state =
        rollback(plan).after(before).orElseThrow(() -> gaveUp(iteration, before, alarm));
    System.err.printf(
        "Iteration %d: %s; back to iteration %d with %s%n",
        iteration, alarm, state.iteration(), state.recovery());
    takeBack(state.iteration());
    recoveries.add(new RecoveryNote(iteration, alarm, state.recovery().toString()));
    courseStart = state.iteration();
    saved = state.iteration();
    measure = Double.NaN;
    return state;
  }

  private Rollback rollback(TrainingPlan plan) {
    return new Rollback(
        checkpoints,
        retention(),
        config.sentinel(),
        () -> again(folder, session.context(), config, plan));
  }

  private GaveUpException gaveUp(int iteration, ModelState before, String alarm) {
    int alarms = before.recovery().alarms();
    return new GaveUpException(
        iteration,
        alarm,
        alarms,
        "gridscape replay --runs %s --run-id %s --iteration %d --from %d --alarms %d"
            .formatted(folder.path().getParent(), folder.runId(), iteration, courseStart, alarms));
  }

  /** Drops what was logged after an iteration, but for what was done about alarms. */
  private void takeBack(int iteration) {
    List<RecoveryNote> undone =
        folder.log().read().iterations().stream()
            .filter(metrics -> metrics.iteration() > iteration)
            .flatMap(metrics -> metrics.recoveries().stream())
            .toList();
    folder.log().truncateAfter(iteration);
    recoveries.addAll(0, undone);
  }

  /**
   * A sheet is to look at: that its chains diverge is no reason to stop, and no alarm either, since
   * the settings of sampling may change within a run.
   */
  private static void draw(TrainingSheets sheets, ModelState state) {
    try {
      sheets.synthesized(state);
    } catch (Exception e) {
      if (JobFailure.of(e).exitCode() != ExitCode.DIVERGED) {
        throw e;
      }
      LOG.warn("No sheet of iteration {}: {}", state.iteration(), JobFailure.of(e).message());
    }
  }

  private StoppedException stopped(ModelState state) {
    save(state);
    return new StoppedException(state.iteration());
  }

  /** Saves what was done before the work broke off. */
  private RuntimeException failed(ModelState state, Exception thrown) {
    if (session.stop().cancelling()) {
      return stopped(state);
    }
    try {
      save(state);
    } catch (RuntimeException e) {
      thrown.addSuppressed(e);
    }
    return IterationFailedException.of(state.iteration() + 1, saved, thrown);
  }

  private void save(ModelState state) {
    if (state.iteration() > 0 && state.iteration() == saved) {
      return;
    }
    session.lock().requireHeld();
    checkpoints.write(state, identity(), measure, retention());
    TrainingGauges.checkpointWritten();
    saved = state.iteration();
  }

  private Retention retention() {
    return config.checkpoint().retention();
  }

  /** Cells that a task computes at once: the cores that Spark gives it. */
  static int taskThreads(SparkSession spark) {
    return spark.sparkContext().getConf().getInt("spark.task.cpus", 1);
  }

  /** The state before the first iteration. */
  static ModelState initial(
      JavaSparkContext spark, RunConfig config, TrainingPlan plan, Optional<Parameters> first) {
    ModelState drawn =
        ModelState.initial(spark, plan, config.initial(), config.update().optimizer());
    return first.map(drawn::startingFrom).orElse(drawn);
  }

  /**
   * The state before the first iteration once more, when its checkpoint is gone.
   *
   * @throws ConfigException if it cannot be had again
   */
  static ModelState again(
      RunFolder folder, JavaSparkContext spark, RunConfig config, TrainingPlan plan) {
    folder
        .initFrom()
        .or(() -> config.pretraining().map(training -> "pre-training with dl4j-spark"))
        .ifPresent(
            start -> {
              throw new ConfigException(
                  "Cannot start run %s again: it started from %s, and its checkpoint of that is gone"
                      .formatted(folder.runId(), start));
            });
    return initial(spark, config, plan, Optional.empty());
  }

  /** Of the grids, coarse to fine. */
  static List<Integer> sides(RunConfig config) {
    return config.networks().stream().map(network -> network.shape().side()).toList();
  }

  /** The measure of the iteration: the smaller the better, NaN if it has none. */
  private double log(IterationReport report, Optional<SampleScore> score) {
    IterationMetrics metrics = LoggedIteration.of(config, report, recoveries, score);
    folder.log().append(metrics);
    recoveries.clear();
    return config.evaluation().every() > 0
        ? score.map(SampleScore::distance).orElse(Double.NaN)
        : metrics.grids().stream()
            .mapToDouble(grid -> Math.abs(grid.energyGap()))
            .average()
            .orElseThrow();
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
    result.put("deterministic", config.pretraining().isEmpty());
    result.put("recoveries", state.recovery().alarms());
    history.iterations().stream()
        .flatMap(iteration -> iteration.scores().stream())
        .reduce((earlier, later) -> later)
        .ifPresent(score -> result.set("lastScore", RunFolder.JSON.valueToTree(score)));
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
