package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gridscape.report.IterationMetrics;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver that dies, or is asked to go, loses nothing and changes nothing. */
class ResumeIT {
  private static final long PATIENCE_SECONDS = 120;

  @TempDir private static Path folder;
  private static String undisturbed = "";

  @BeforeAll
  static void trainUndisturbed() {
    SmallRun run = new SmallRun(folder, "undisturbed");
    assertThat(Gridscape.run(run.command("train", "--master", "local[1]")))
        .isEqualTo(ExitCode.DONE);
    undisturbed = run.parametersSha256();
  }

  @Test
  void killedRunContinuesToTheSameBits() throws Exception {
    SmallRun run = new SmallRun(folder, "killed");
    Process process = run.start("train", "--master", "local[2]");
    awaitIterations(run, process, 5);
    process.destroyForcibly().waitFor();
    assertThat(run.run().result()).isEmpty();
    finish(run);
  }

  @Test
  void stoppedRunExitsResumableAndContinuesToTheSameBits() throws Exception {
    SmallRun run = new SmallRun(folder, "stopped");
    Process process = run.start("train", "--master", "local[2]");
    awaitIterations(run, process, 3);
    process.destroy();
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ExitCode.STOPPED);
    assertThat(run.run().result().orElseThrow().path("status").asText()).isEqualTo("stopped");
    finish(run);
  }

  @Test
  void damagedCheckpointFallsBackAndNoneLeftIsRefused() throws Exception {
    SmallRun run = new SmallRun(folder, "damaged");
    Process process = run.start("train", "--master", "local[2]");
    awaitIterations(run, process, 7);
    process.destroyForcibly().waitFor();
    List<Path> whole = checkpoints(run);
    truncate(whole.get(whole.size() - 1));
    finish(run);

    RunFolder folder = run.run();
    folder.writeResult(RunResult.failed(folder, "train", new JobFailure(70, "failed", "lost")));
    for (Path checkpoint : checkpoints(run)) {
      truncate(checkpoint);
    }
    assertThat(Gridscape.run(run.command("train", "--master", "local[2]")))
        .isEqualTo(ExitCode.USAGE);
    assertThat(folder.result().orElseThrow().path("error").asText())
        .contains("no checkpoint in")
        .contains("is whole (delete it to start anew)");
    assertThat(folder.log().read().iterations()).hasSize(SmallRun.ITERATIONS);
  }

  @Test
  void checkpointsInAnotherStoreContinueToTheSameBits() throws Exception {
    SmallRun run = new SmallRun(folder, "far");
    Path far = folder.resolve("store");
    String[] options = {
      "--master",
      "local[2]",
      "--set",
      "checkpoint.folder=\"elsewhere:" + far + "\"",
      "--set",
      "checkpoint.keep=1",
      "--set",
      "checkpoint.keepEvery=6",
      "--set",
      "checkpoint.keepBest=true"
    };
    Process process = run.start("train", options);
    awaitIterations(run, process, 5);
    process.destroyForcibly().waitFor();
    assertThat(far.resolve("far/checkpoints/iteration-00000004/commit.json")).exists();
    assertThat(Gridscape.run(run.command("train", options))).isEqualTo(ExitCode.DONE);
    assertThat(run.parametersSha256()).isEqualTo(undisturbed);
    assertThat(run.run().path().resolve("checkpoints")).doesNotExist();
    assertThat(far.resolve("far/checkpoints").toFile().list())
        .contains("iteration-00000006", "iteration-00000012");
    assertThat(far.resolve("far/result.json"))
        .hasSameTextualContentAs(run.run().path().resolve("result.json"));
  }

  private static List<Path> checkpoints(SmallRun run) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(run.run().checkpoints()))) {
      return entries.filter(path -> path.toString().matches(".*iteration-\\d+")).sorted().toList();
    }
  }

  private static void truncate(Path checkpoint) throws IOException {
    Path file = checkpoint.resolve("grid-32.zip");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }

  private static void finish(SmallRun run) {
    assertThat(Gridscape.run(run.command("train", "--master", "local[2]")))
        .isEqualTo(ExitCode.DONE);
    assertThat(run.parametersSha256()).isEqualTo(undisturbed);
    List<Integer> logged =
        run.run().log().read().iterations().stream().map(IterationMetrics::iteration).toList();
    assertThat(logged).isEqualTo(IntStream.rangeClosed(1, SmallRun.ITERATIONS).boxed().toList());
  }

  /** Polls the log of the other process; fails if that ends first. */
  private static void awaitIterations(SmallRun run, Process process, int iterations)
      throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (run.iterationsLogged() < iterations) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as("ended early").isFalse();
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
    }
  }
}
