package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gridscape.energy.Nd4jLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What a user sees before Spark starts. */
class CommandLineTest {
  @TempDir private Path folder;

  /** Exit code and everything printed. */
  private record Outcome(int code, String text) {}

  @ParameterizedTest
  @ValueSource(
      strings = {"quickstart", "prepare", "train", "sample", "report", "compare-starts", "doctor"})
  void everyCommandHelpsWithAnExample(String command) {
    Outcome outcome = run(command, "--help");
    assertThat(outcome.code()).isEqualTo(ExitCode.DONE);
    assertThat(outcome.text())
        .contains("gridscape " + command)
        .contains("Example")
        .contains("--config", "--set", "--run-id", "--runs", "--master", "--dry-run");
  }

  @Test
  void unknownSettingNamesTheNearest() {
    Outcome outcome = run("train", "--set", "training.iteration=3");
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.text())
        .contains("Unknown setting: training.iteration")
        .contains("the nearest known one is training.iterations");
  }

  @Test
  void settingOutOfRangeIsAUsageError() {
    Outcome outcome = run("train", "--set", "langevin.steps=0");
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.text()).contains("Invalid langevin.steps: 0 (must be 1 to 65535)");
  }

  @Test
  void batchThatShardsCannotShareIsRefused() {
    Outcome outcome = run("train", "--set", "training.batch=65");
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.text())
        .contains(
            "Invalid training.batch: 65 with training.cellSize 16 and data.shards 4"
                + " (must be shards x cells per shard x cell size)");
  }

  @Test
  void missingConfigurationIsNamed() {
    Path file = folder.resolve("absent.conf");
    Outcome outcome = run("train", "--config", file.toString());
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.text()).contains("Cannot read configuration: no file " + file);
  }

  @Test
  void unknownOptionIsAUsageError() {
    assertThat(run("train", "--colour").code()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void runIdCannotLeaveTheRunsFolder() {
    Outcome outcome = run("train", "--run-id", "../elsewhere");
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.text()).contains("Invalid run id: \"../elsewhere\"");
  }

  @Test
  void startsAreComparedOnlyWhereAllCanBe() {
    Outcome hidden = run("compare-starts", "--set", "training.start=hidden");
    assertThat(hidden.code()).isEqualTo(ExitCode.USAGE);
    assertThat(hidden.text())
        .contains(
            "Cannot compare starts: training.start is hidden (must be minimal-image, the first of"
                + " those compared)");
    Outcome list =
        run(
            "compare-starts",
            "--runs",
            folder.toString(),
            "--set",
            "training.penalty.gamma=[0.1, 0.1, 0.1, 0.1]");
    assertThat(list.code()).isEqualTo(ExitCode.USAGE);
    assertThat(list.text()).contains("Invalid training.penalty.gamma: [0.1, 0.1, 0.1, 0.1]");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aRunHasOneStart() {
    Outcome outcome =
        run(
            "train",
            "--runs",
            folder.toString(),
            "--init-from",
            "other",
            "--set",
            "training.start=hidden",
            "--set",
            "generator { upsampler = \"3x3-image\", pretrain.epochs = 1 }");
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.text())
        .contains(
            "Invalid --init-from: other (must not be given with generator.pretrain.epochs > 0: a run"
                + " has one start)");
  }

  @Test
  void reportAndSampleOfNoRunSaySo() {
    Outcome report = run("report", "--runs", folder.toString(), "--run-id", "none");
    assertThat(report.code()).isEqualTo(ExitCode.USAGE);
    assertThat(report.text()).contains("Cannot report: no run none in " + folder);
    Outcome sample = run("sample", "--runs", folder.toString(), "--run-id", "none");
    assertThat(sample.code()).isEqualTo(ExitCode.USAGE);
    assertThat(sample.text()).contains("Cannot sample: no run none in " + folder);
  }

  @Test
  void dryRunPrintsThePlanAndWritesNothing() throws Exception {
    Outcome outcome = run("train", "--dry-run", "--runs", folder.toString());
    assertThat(outcome.code()).isEqualTo(ExitCode.DONE);
    assertThat(outcome.text())
        .contains("4, one task each")
        .contains("4 of 16 images an iteration")
        .contains("3x3-64, 3x3-64, dense 1: 38,593 parameters")
        .contains("bytes an iteration to each executor")
        .contains("evaluation   none while training (evaluation.every)")
        .contains("iterations=300");
    try (var entries = Files.list(folder)) {
      assertThat(entries).isEmpty();
    }
  }

  @Test
  void dryRunTellsOfTheEvaluation() {
    String[] train = {"train", "--dry-run", "--set", "evaluation.every=25"};
    assertThat(run(train).text())
        .contains(
            "evaluation   every 25 iterations: Frechet distance of 2,000 samples to the training"
                + " images, by classifier");
    assertThat(
            run(
                    "train",
                    "--dry-run",
                    "--set",
                    "evaluation { every = 1, samples = 500, extractor = \"pixels:1x32x32\" }",
                    "--set",
                    "evaluation.reference=\"clothes.npz\"")
                .text())
        .contains(
            "evaluation   every 1 iterations: Frechet distance of 500 samples to clothes.npz, by"
                + " pixels:1x32x32");
  }

  @Test
  void scoresOfImagesThatTheClassifierDoesNotTakeAreAUsageError() {
    Outcome outcome =
        run("train", "--dry-run", "--set", "data.channels=3", "--set", "evaluation.every=5");
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.text())
        .contains(
            "Invalid evaluation.every: 5 (must be 0 for images that the classifier does not take;"
                + " or set evaluation.extractor)");
  }

  @Test
  void benchHelpsWithAnExample() {
    Outcome outcome = run("bench", "--help");
    assertThat(outcome.code()).isEqualTo(ExitCode.DONE);
    assertThat(outcome.text())
        .contains("gridscape bench --quick", "Example")
        .contains("--json", "--markdown", "--python", "--only", "--dry-run");
  }

  @Test
  void dryRunOfBenchNamesTheCases() {
    Outcome outcome = run("bench", "--quick", "--dry-run", "--only", "/threads-2");
    assertThat(outcome.code()).isEqualTo(ExitCode.DONE);
    assertThat(outcome.text().lines())
        .containsExactly(
            "chain/stable/4/batch-16/threads-2",
            "chain/stable/8/batch-16/threads-2",
            "chain/stable/16/batch-16/threads-2",
            "chain/stable/32/batch-16/threads-2",
            "iteration/quickstart/threads-2");
  }

  @Test
  void benchOfExecutorProcessesListsItsCases() {
    Outcome outcome = run("bench", "--cluster", "--dry-run", "--only", "64");
    assertThat(outcome.text().lines())
        .containsExactly(
            "cluster/stable64",
            "cluster/paper64",
            "cluster/stable64-averaging",
            "cluster/64-shards");
    assertThat(run("bench", "--cluster", "--dry-run", "--only", "mine").text())
        .contains("Invalid --only: mine (must be part of a name that --dry-run lists)");
  }

  @Test
  void benchOfNothingIsAUsageError() {
    Outcome none = run("bench", "--dry-run", "--only", "chain/mine");
    assertThat(none.code()).isEqualTo(ExitCode.USAGE);
    assertThat(none.text())
        .contains("Invalid --only: chain/mine (must be part of a name that --dry-run lists)");
    Outcome never = run("bench", "--dry-run", "--rounds", "0");
    assertThat(never.code()).isEqualTo(ExitCode.USAGE);
    assertThat(never.text()).contains("Invalid --rounds: 0 (must be >= 1)");
  }

  @Test
  void benchFindsOutFirstThatItCannotWrite() {
    Path file = folder.resolve("absent").resolve("bench.json");
    Outcome outcome = run("bench", "--json", file.toString());
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.text())
        .contains(
            "Cannot write %s: %s is no folder that can be written to"
                .formatted(file, file.getParent()));
  }

  @Test
  void classifierFindsOutFirstWhatItCannotDo() {
    Path file = folder.resolve("absent").resolve("classifier.zip");
    Outcome nowhere = run("classifier", "--out", file.toString());
    assertThat(nowhere.code()).isEqualTo(ExitCode.USAGE);
    assertThat(nowhere.text())
        .contains(
            "Cannot write %s: %s is no folder that can be written to"
                .formatted(file, file.getParent()));
    Outcome nothing = run("classifier", "--out", file.toString(), "--epochs", "0");
    assertThat(nothing.code()).isEqualTo(ExitCode.USAGE);
    assertThat(nothing.text()).contains("Invalid epochs: 0 (must be >= 1)");
  }

  @Test
  void doctorSaysWhatAGpuNeedsWhereNd4jHasTheCpuBackend() {
    assumeThat(Nd4jLibrary.isOnGpu()).isFalse();
    Outcome outcome = run("doctor", "--gpu");
    assertThat(outcome.code()).isEqualTo(ExitCode.TOO_FEW_EXECUTORS);
    assertThat(outcome.text())
        .contains(
            "gridscape: Cannot check a GPU: ND4J has CpuBackend and not its CUDA backend"
                + " (build with mvn -Pcuda -Djavacpp.platform=linux-x86_64 package;"
                + " the machine needs NVIDIA's driver for CUDA 11.6 or later)");
  }

  @Test
  void theFusedEngineIsRefusedWhereAGpuIsRequired() {
    Outcome outcome = run("train", "--require-gpu", "--set", "training.engine=fused", "--dry-run");
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.text())
        .contains(
            "Invalid training.engine: fused (must be reference with --require-gpu:"
                + " the fused engine is for CPU; build with mvn -Pcuda)");
  }

  private static Outcome run(String... args) {
    StringWriter errors = new StringWriter();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      CommandLine commandLine = Gridscape.commandLine();
      commandLine.setErr(new PrintWriter(errors, true));
      commandLine.setOut(new PrintWriter(errors, true));
      int code = commandLine.execute(args);
      return new Outcome(code, printed.toString(StandardCharsets.UTF_8) + errors);
    } finally {
      System.setOut(before);
    }
  }
}
