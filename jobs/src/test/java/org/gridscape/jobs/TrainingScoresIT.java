package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gridscape.evaluate.Origin;
import org.gridscape.evaluate.StatisticsFile;
import org.gridscape.features.ClassifierFeatures;
import org.gridscape.metrics.FeatureRows;
import org.gridscape.metrics.MomentsAccumulator;
import org.gridscape.report.GridMetrics;
import org.gridscape.report.IterationMetrics;
import org.gridscape.report.PenaltyMetrics;
import org.gridscape.report.SampleScore;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores of samples while a run goes on: they follow it and change nothing. */
class TrainingScoresIT {
  private static final long PATIENCE_SECONDS = 120;
  private static final int ITERATIONS = 6;

  @TempDir private static Path folder;
  private static String learned = "";
  private static Map<Integer, SampleScore> scores = Map.of();

  @BeforeAll
  static void trainScored() throws IOException {
    SmallRun run = new SmallRun(folder, "scored");
    assertThat(train(run, "local[2]", "evaluation.every=2")).isEqualTo(ExitCode.DONE);
    learned = run.parametersSha256();
    scores = scores(run);
    assertNoWorkIsLeft();
  }

  @Test
  void scoresComeWhenTheyAreDueAndChangeNothing() {
    assertThat(scores).containsOnlyKeys(2, 4, 6);
    assertThat(scores.values())
        .allSatisfy(
            score -> {
              assertThat(score.extractor()).isEqualTo(ClassifierFeatures.NAME);
              assertThat(score.samples()).isEqualTo(40);
              assertThat(score.distance()).isPositive().isBetween(score.lower(), score.upper());
              assertThat(score.lower()).isLessThan(score.upper());
              assertThat(score.meanDistance()).isPositive();
              assertThat(Math.pow(score.meanDistance(), 2)).isLessThan(score.distance() + 1e-6);
            });
    SmallRun plain = new SmallRun(folder, "plain");
    assertThat(train(plain, "local[2]")).isEqualTo(ExitCode.DONE);
    assertThat(scores(plain)).isEmpty();
    assertThat(plain.parametersSha256()).isEqualTo(learned);
  }

  /** Also that the dissipation is measured where it is due, and that it changes nothing. */
  @Test
  void aPenaltyAndTheDissipationAreLogged() {
    SmallRun run = new SmallRun(folder, "penalized");
    String[] penalty = {
      "training.penalty { gamma = [0.5, 1], beta = 0.25, last = 0.1 }",
      "training.dissipationEvery = 2"
    };
    assertThat(train(run, "local[2]", penalty)).isEqualTo(ExitCode.DONE);
    List<IterationMetrics> logged = run.run().log().read().iterations();
    assertThat(logged).hasSize(6);
    for (IterationMetrics metrics : logged) {
      double left = 1 - 0.9 * (metrics.iteration() - 1) / 5;
      for (int grid = 0; grid < 2; grid++) {
        GridMetrics found = metrics.grids().get(grid);
        PenaltyMetrics of = found.penalty().get(0);
        assertThat(of.gamma()).isCloseTo((grid == 0 ? 0.5 : 1) * left, within(1e-12));
        assertThat(of.mean())
            .isPositive()
            .isCloseTo(0.25 * of.observed() + 0.75 * of.synthesized(), within(1e-9));
        assertThat(of.restingGap()).isEqualTo(2 * (of.gamma() * of.mean()));
        assertThat(of.ratio() * Math.abs(found.energyGap()))
            .isCloseTo(of.gamma() * of.mean(), within(1e-9));
        assertThat(found.dissipation()).hasSize(metrics.iteration() % 2 == 0 ? 1 : 0);
        assertThat(found.dissipation()).allMatch(dissipation -> dissipation > 0);
      }
    }
    assertThat(run.parametersSha256()).isNotEqualTo(learned);
    SmallRun unmeasured = new SmallRun(folder, "unmeasured");
    assertThat(train(unmeasured, "local[1]", penalty[0], "training.dissipationEvery = 0"))
        .isEqualTo(ExitCode.DONE);
    assertThat(unmeasured.parametersSha256()).isEqualTo(run.parametersSha256());
  }

  @Test
  void aKilledRunGetsTheSameScoresOnAnotherNumberOfCores() throws Exception {
    SmallRun run = new SmallRun(folder, "killed");
    Process process = run.start("train", options("local[2]", "evaluation.every=2"));
    awaitIteration(run, process, 3);
    process.destroyForcibly().waitFor();
    assertThat(run.run().result()).as("killed before it was done").isEmpty();
    assertThat(train(run, "local[1]", "evaluation.every=2")).isEqualTo(ExitCode.DONE);
    assertThat(scores(run)).isEqualTo(scores);
    assertThat(run.parametersSha256()).isEqualTo(learned);
    assertNoWorkIsLeft();
  }

  @Test
  void settingsOfTheEvaluationMayChangeInARun() throws IOException {
    SmallRun run = new SmallRun(folder, "changed");
    assertThat(trainUntil(run, 1, "evaluation.every=1", "evaluation.extractor=\"pixels:1x32x32\""))
        .isEqualTo(ExitCode.DONE);
    assertThat(train(run, "local[1]", "evaluation.every=2")).isEqualTo(ExitCode.DONE);
    assertThat(run.parametersSha256()).isEqualTo(learned);
    Map<Integer, SampleScore> found = scores(run);
    assertThat(found).containsOnlyKeys(1, 2, 4, 6);
    assertThat(score(found, 1).extractor()).startsWith("pixels");
    found.remove(1);
    assertThat(found).isEqualTo(scores);
    assertNoWorkIsLeft();
  }

  @Test
  void theCheckpointOfTheSmallestDistanceIsKept() throws IOException {
    SmallRun run = new SmallRun(folder, "best");
    String[] settings = {
      "evaluation.every=1",
      "checkpoint.every=100",
      "checkpoint.keep=1",
      "checkpoint.keepBest=true",
      "training.learningRate.rate=0.05"
    };
    assertThat(trainUntil(run, 2, settings)).isEqualTo(ExitCode.DONE);
    int best = best(scores(run));
    assertThat(checkpoints(run)).isEqualTo(new TreeSet<>(List.of(2, best)));
    List<String> worse = new ArrayList<>(List.of(settings));
    worse.add("sampling.steps=1");
    assertThat(trainUntil(run, 4, worse.toArray(String[]::new))).isEqualTo(ExitCode.DONE);
    assertThat(best(scores(run))).as("best of %s", scores(run)).isEqualTo(best);
    assertThat(checkpoints(run)).isEqualTo(new TreeSet<>(List.of(best, 4)));
  }

  private static int best(Map<Integer, SampleScore> scores) {
    return scores.keySet().stream()
        .min(Comparator.comparingDouble(iteration -> score(scores, iteration).distance()))
        .orElseThrow();
  }

  @Test
  void aStatisticsFileStandsForTheTrainingImages() {
    String file = folder.resolve("training.npz").toString();
    assertThat(
            Gridscape.run(
                "evaluate",
                "stats",
                folder.resolve("data").toString(),
                "--out",
                file,
                "--extractor",
                "classifier",
                "--work",
                folder.resolve("work").toString(),
                "--master",
                "local[2]"))
        .isEqualTo(ExitCode.DONE);
    SmallRun run = new SmallRun(folder, "statistics");
    assertThat(trainUntil(run, 2, "evaluation.every=2", "evaluation.reference=\"" + file + "\""))
        .isEqualTo(ExitCode.DONE);
    SampleScore found = score(scores(run), 2);
    SampleScore expected = score(scores, 2);
    assertThat(found.distance()).isCloseTo(expected.distance(), within(1e-6));
    assertThat(found.lower()).isCloseTo(expected.lower(), within(1e-5));
    assertThat(found.upper()).isCloseTo(expected.upper(), within(1e-5));
  }

  @Test
  void statisticsOfAnotherExtractorAreRefusedBeforeTheFirstIteration() throws IOException {
    String file = folder.resolve("other.npz").toString();
    MomentsAccumulator moments = new MomentsAccumulator(64);
    moments.add(new FeatureRows(64, new float[4 * 64]));
    Origin origin =
        new Origin(
            Optional.of("inception"),
            Optional.of("0".repeat(64)),
            Optional.of("clean"),
            Optional.empty(),
            Optional.empty());
    StatisticsFile.of(moments.moments(), Optional.empty(), origin).write(file);
    SmallRun run = new SmallRun(folder, "refused");
    assertThat(
            train(run, "local[1]", "evaluation.every=6", "evaluation.reference=\"" + file + "\""))
        .isEqualTo(ExitCode.BAD_DATA);
    assertThat(run.run().result().orElseThrow().path("error").asText())
        .isEqualTo(
            "Invalid statistics: extractor of %s is inception, of the request %s (must be equal)"
                .formatted(file, ClassifierFeatures.NAME));
    assertThat(run.iterationsLogged()).isZero();
    String missing = folder.resolve("missing.npz").toString();
    assertThat(
            train(
                run, "local[1]", "evaluation.every=6", "evaluation.reference=\"" + missing + "\""))
        .isEqualTo(ExitCode.BAD_DATA);
    assertThat(run.run().result().orElseThrow().path("error").asText())
        .isEqualTo("Cannot read statistics: %s: no such file".formatted(missing));
    assertThat(run.iterationsLogged()).isZero();
    assertNoWorkIsLeft();
  }

  @Test
  void samplesThatDivergeHaveNoScoreAndEndNothing() throws IOException {
    SmallRun run = new SmallRun(folder, "diverged");
    assertThat(
            train(
                run,
                "local[1]",
                "evaluation.every=1",
                "training.iterations=1",
                "training.average=0",
                "training.learningRate.rate=1e20"))
        .isEqualTo(ExitCode.DONE);
    assertThat(run.iterationsLogged()).isOne();
    assertThat(scores(run)).isEmpty();
    assertNoWorkIsLeft();
  }

  private static String[] options(String master, String... settings) {
    List<String> options = new ArrayList<>(List.of("--master", master));
    for (String setting :
        List.of(
            "data.heldOut=0.95",
            "training.iterations=" + ITERATIONS,
            "evaluation.samples=40",
            "sampling.every=100")) {
      options.addAll(List.of("--set", setting));
    }
    for (String setting : settings) {
      options.addAll(List.of("--set", setting));
    }
    return options.toArray(String[]::new);
  }

  private static int train(SmallRun run, String master, String... settings) {
    return Gridscape.run(run.command("train", options(master, settings)));
  }

  private static int trainUntil(SmallRun run, int last, String... settings) {
    List<String> options = new ArrayList<>(List.of(options("local[2]", settings)));
    options.addAll(List.of("--until", Integer.toString(last)));
    return Gridscape.run(run.command("train", options.toArray(String[]::new)));
  }

  /** Of each iteration that has one. */
  private static Map<Integer, SampleScore> scores(SmallRun run) {
    return run.run().log().read().iterations().stream()
        .filter(metrics -> !metrics.scores().isEmpty())
        .collect(
            Collectors.toMap(
                IterationMetrics::iteration,
                metrics -> metrics.scores().get(0),
                (one, other) -> one,
                TreeMap::new));
  }

  private static SampleScore score(Map<Integer, SampleScore> scores, int iteration) {
    return Objects.requireNonNull(scores.get(iteration));
  }

  private static Set<Integer> checkpoints(SmallRun run) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(run.run().checkpoints()))) {
      return entries
          .map(path -> path.getFileName().toString())
          .filter(name -> name.matches("iteration-\\d+"))
          .map(name -> Integer.valueOf(name.substring("iteration-".length())))
          .collect(Collectors.toSet());
    }
  }

  private static void assertNoWorkIsLeft() throws IOException {
    try (Stream<Path> entries = Files.list(folder.resolve("data"))) {
      assertThat(entries)
          .extracting(path -> path.getFileName().toString())
          .isNotEmpty()
          .noneMatch(name -> name.startsWith("evaluation"));
    }
  }

  /** Polls the log of the other process; fails if that ends first. */
  private static void awaitIteration(SmallRun run, Process process, int iteration)
      throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (run.iterationsLogged() < iteration) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as("ended early").isFalse();
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
    }
  }
}
