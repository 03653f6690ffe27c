package org.gridscape.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.Checkpoint;
import org.gridscape.distribute.ModelState;
import org.gridscape.distribute.RunLock;
import org.gridscape.energy.Fingerprint;
import org.gridscape.jobs.experiment.GridResponse;
import org.gridscape.jobs.experiment.LadderMarkdown;
import org.gridscape.jobs.experiment.LadderPlan;
import org.gridscape.jobs.experiment.LadderResults;
import org.gridscape.jobs.experiment.LadderResults.RungFacts;
import org.gridscape.jobs.experiment.LadderRun;
import org.gridscape.jobs.experiment.Rung;
import org.gridscape.jobs.experiment.Score;
import org.gridscape.jobs.experiment.ShortRun;
import org.gridscape.jobs.experiment.SteppedSamples;
import org.gridscape.report.HtmlReport;
import org.gridscape.report.IterationMetrics;

/**
 * Trains, measures and samples the rungs of a ladder, part by part.
 *
 * <p>A part that is finished lies in its folder and is read from there; results are written anew
 * after every part.
 */
final class LadderJob {
  static final String NAME = "experiment ladder";
  static final String PAGE = "LADDER.md";
  private static final String JSON = "ladder.json";
  private static final String SCORE = "score";
  private static final String MEASURED_BY = "measuredBy";
  private static final String ALARMS = "alarms";
  private static final String REMARK = "remark";
  private static final String DIVERGED_AT = "divergedAt";
  private static final String PARAMETERS = "parametersSha256";

  private final RunSession session;
  private final LadderPlan plan;
  private final RunFolder folder;
  private final Path runs;
  private final List<LadderRun> trained = new ArrayList<>();
  private final List<ShortRun> divergence = new ArrayList<>();
  private final List<SteppedSamples> stepped = new ArrayList<>();

  LadderJob(RunSession session, LadderPlan plan, RunFolder folder, Path runs) {
    this.session = session;
    this.plan = plan;
    this.folder = folder;
    this.runs = runs;
  }

  ObjectNode run() {
    RunConfig first = plan.rungs().get(0).config();
    Manifest manifest = PreparedData.open(session.spark(), first.data());
    try (RunScores scores =
        RunScores.of(session.context(), first, folder, manifest).orElseThrow()) {
      ObjectNode settings = settings(first, manifest, scores);
      for (long seed : plan.seeds()) {
        for (Rung rung : plan.rungs()) {
          trained.add(trained(rung, seed, manifest, scores));
          showSheet(rung);
          write(settings);
        }
      }
      for (double rate : plan.otherRates()) {
        for (long seed : plan.seeds()) {
          for (Rung rung : plan.rungs()) {
            divergence.add(atRate(rung, seed, rate, manifest));
            write(settings);
          }
        }
      }
      for (Rung rung : plan.rungs()) {
        for (int steps : plan.samplingSteps()) {
          sampled(rung, steps, manifest, scores).ifPresent(stepped::add);
          write(settings);
        }
      }
    }
    return RunResult.complete(folder, NAME).put("runs", trained.size());
  }

  /** What the page says of all rungs. */
  private ObjectNode settings(RunConfig config, Manifest manifest, RunScores scores) {
    ObjectNode node = Provenance.of(folder.runId(), NAME, config, manifest, session.spark());
    folder.writeJson(RunFolder.PROVENANCE, node.deepCopy());
    node.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    node.put("processor", Fingerprint.of(config.engine()).processor());
    node.put("trainingImages", manifest.trainCount());
    node.put("shape", config.data().shape().toString());
    node.put("batch", config.batch());
    node.put("grids", config.learning().ladder().gridSides().toString());
    node.put("samples", config.sampling().count());
    node.put("extractor", scores.extractor());
    node.put("reference", config.evaluation().reference().orElse("the training images"));
    scores.heldOut().ifPresent(distance -> node.put("heldOut", distance));
    node.put("divergenceIterations", plan.divergenceIterations());
    plan.rates().forEach(node.putArray("rates")::add);
    node.put("seeds", plan.seeds().toString());
    return node;
  }

  private void write(ObjectNode settings) {
    session.lock().requireHeld();
    LadderResults results =
        new LadderResults(
            settings,
            plan.rungs().stream().map(RungFacts::of).toList(),
            trained,
            divergence,
            stepped);
    folder.writeJson(JSON, RunFolder.JSON.valueToTree(results));
    try {
      Files.writeString(folder.path().resolve(PAGE), LadderMarkdown.render(results));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + PAGE + ": " + e.getMessage(), e);
    }
  }

  private LadderRun trained(Rung rung, long seed, Manifest manifest, RunScores scores) {
    RunConfig config = plan.main(rung, seed);
    RunFolder own =
        RunFolder.of(runs, LadderPlan.runId(folder.runId(), rung, seed)).storedBy(config);
    own.requireSameCourse(config.resolved());
    ObjectNode result =
        own.result()
            .filter(found -> isMeasured(found, config))
            .orElseGet(() -> locked(config, own, it -> train(it, config, own, manifest, scores)));
    return LadderRun.of(
        rung,
        seed,
        own.runId(),
        own.log().read().iterations(),
        result.path(ALARMS).asInt(),
        result.path(REMARK).asText(),
        score(result));
  }

  private static boolean isMeasured(ObjectNode result, RunConfig config) {
    return isOf(result, config)
        && (result.path("iterations").asInt() == config.update().iterations()
            || isDiverged(result));
  }

  /** Whether samples were drawn and measured as they would be now. */
  private static boolean isOf(ObjectNode result, RunConfig config) {
    return result.path(MEASURED_BY).asText().equals(measuredBy(config));
  }

  private static String measuredBy(RunConfig config) {
    return ConfigLayers.render(
        config
            .resolved()
            .withOnlyPath("sampling")
            .withFallback(config.resolved().withOnlyPath("evaluation")));
  }

  private static boolean isDiverged(ObjectNode result) {
    return result.path("status").asText().equals("diverged");
  }

  private ObjectNode train(
      RunSession own, RunConfig config, RunFolder run, Manifest manifest, RunScores scores) {
    tell("run %s: %d iterations", run.runId(), config.update().iterations());
    run.writeJson(
        RunFolder.PROVENANCE, Provenance.of(run.runId(), NAME, config, manifest, own.spark()));
    TrainingJob job = new TrainingJob(own, config, run, manifest, NAME);
    ObjectNode result;
    try {
      ModelState state = job.run();
      result = job.result(state).put(ALARMS, state.recovery().alarms());
      result.setAll(drawn(config, run, manifest, state, scores));
    } catch (GaveUpException e) {
      JobFailure failure = JobFailure.of(e);
      result =
          RunResult.failed(run, NAME, failure)
              .put(ALARMS, config.sentinel().tries() + 1)
              .put(REMARK, failure.message());
    }
    result.put(MEASURED_BY, measuredBy(config));
    run.writeResult(result);
    HtmlReport.write(run.path());
    return result;
  }

  /** Samples of a state, written and measured; only a remark where their chains diverge. */
  private ObjectNode drawn(
      RunConfig config, RunFolder run, Manifest manifest, ModelState state, RunScores scores) {
    ObjectNode node = RunFolder.JSON.createObjectNode();
    try (SamplingJob sampling = new SamplingJob(session.spark(), config, run, () -> manifest)) {
      node.put("imagesPerSecond", config.sampling().count() / sampling.write(state));
      node.set(SCORE, scores.samplesScore(run.parquet()));
    } catch (Exception e) {
      if (JobFailure.of(e).exitCode() != ExitCode.DIVERGED) {
        throw e;
      }
      node.put(REMARK, JobFailure.of(e).message());
    }
    return node;
  }

  /** The sheet of the run of the first seed, where it has one. */
  private void showSheet(Rung rung) {
    RunFolder run = first(rung);
    int side = rung.config().learning().ladder().topSide();
    Path sheet = run.samples().resolve("final").resolve("grid-" + side + ".png");
    if (!Files.exists(sheet)) {
      return;
    }
    try {
      Files.copy(
          sheet,
          folder.path().resolve("sheet-%s.png".formatted(rung.name())),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot copy " + sheet + ": " + e.getMessage(), e);
    }
  }

  private RunFolder first(Rung rung) {
    long seed = plan.seeds().get(0);
    return RunFolder.of(runs, LadderPlan.runId(folder.runId(), rung, seed));
  }

  private ShortRun atRate(Rung rung, long seed, double rate, Manifest manifest) {
    RunConfig config = plan.atRate(rung, seed, rate);
    RunFolder own =
        RunFolder.of(runs, LadderPlan.runId(folder.runId(), rung, seed, rate)).storedBy(config);
    own.requireSameCourse(config.resolved());
    ObjectNode result =
        own.result()
            .filter(found -> own.isComplete(plan.divergenceIterations()) || isDiverged(found))
            .orElseGet(() -> locked(config, own, it -> trainBriefly(it, config, own, manifest)));
    // A run of an earlier command may have been longer.
    boolean diverged =
        isDiverged(result) && result.path(DIVERGED_AT).asInt() <= plan.divergenceIterations();
    List<IterationMetrics> log = own.log().read().iterations();
    return new ShortRun(
        rung.name(),
        seed,
        rate,
        diverged,
        result.path("error").asText(),
        GridResponse.of(log.subList(0, Math.min(log.size(), plan.divergenceIterations()))));
  }

  private ObjectNode trainBriefly(
      RunSession own, RunConfig config, RunFolder run, Manifest manifest) {
    tell("run %s: %d iterations", run.runId(), plan.divergenceIterations());
    TrainingJob job = new TrainingJob(own, config, run, manifest, NAME);
    ObjectNode result;
    try {
      result = job.result(job.run(plan.divergenceIterations(), Optional::empty));
    } catch (GaveUpException e) {
      result = RunResult.failed(run, NAME, JobFailure.of(e)).put(DIVERGED_AT, e.iteration());
    }
    run.writeResult(result);
    return result;
  }

  /** Empty for a run that has no last state. */
  private Optional<SteppedSamples> sampled(
      Rung rung, int steps, Manifest manifest, RunScores scores) {
    long seed = plan.seeds().get(0);
    RunConfig config = plan.sampledBy(plan.main(rung, seed), steps);
    RunFolder own =
        RunFolder.of(
            folder.path().resolve("sampling"), "%s-%d-steps".formatted(rung.name(), steps));
    Optional<Checkpoint> last = first(rung).storedBy(config).checkpointStore(config).latest();
    if (last.isEmpty() || last.get().state().iteration() < rung.iterations()) {
      return Optional.empty();
    }
    ObjectNode result =
        own.result()
            .filter(found -> isOf(found, config))
            .filter(found -> found.path(PARAMETERS).asText().equals(sha256(last.get().state())))
            .orElseGet(() -> sample(config, own, manifest, last.get().state(), scores));
    return Optional.of(
        new SteppedSamples(
            rung.name(),
            seed,
            steps,
            result.path("imagesPerSecond").asDouble(Double.NaN),
            result.path(REMARK).asText(),
            score(result)));
  }

  private ObjectNode sample(
      RunConfig config, RunFolder own, Manifest manifest, ModelState state, RunScores scores) {
    tell("samples %s", own.runId());
    warmUp(config, own, manifest, state);
    ObjectNode result = RunResult.complete(own, NAME);
    result.put(PARAMETERS, sha256(state)).put(MEASURED_BY, measuredBy(config));
    result.setAll(drawn(config, own, manifest, state, scores));
    own.writeResult(result);
    return result;
  }

  private static String sha256(ModelState state) {
    return state.parameters().sha256();
  }

  /** So that the first samples of a process do not look slower than the others. */
  private void warmUp(RunConfig config, RunFolder own, Manifest manifest, ModelState state) {
    try (SamplingJob sampling = new SamplingJob(session.spark(), config, own, () -> manifest)) {
      int cells = session.spark().sparkContext().defaultParallelism();
      sampling.draw(state, cells * config.cellSize()).count();
    } catch (Exception e) {
      if (JobFailure.of(e).exitCode() != ExitCode.DIVERGED) {
        throw e;
      }
      tell("%s", JobFailure.of(e).message());
    }
  }

  private static List<Score> score(JsonNode result) {
    JsonNode score = result.path(SCORE);
    if (score.isMissingNode()) {
      return List.of();
    }
    return List.of(
        new Score(
            score.path("samples").asDouble(),
            score.path("lower").asDouble(Double.NaN),
            score.path("upper").asDouble(Double.NaN),
            score.path("meanDistance").asDouble()));
  }

  /** Works on a run of its own, which nobody else works on meanwhile. */
  private <T> T locked(RunConfig config, RunFolder run, Function<RunSession, T> work) {
    session.lock().requireHeld();
    try (RunLock lock = run.lock(config)) {
      return work.apply(new RunSession(session.spark(), session.stop(), lock));
    }
  }

  private static void tell(String format, Object... values) {
    System.err.printf(Locale.ROOT, format + "%n", values);
  }
}
