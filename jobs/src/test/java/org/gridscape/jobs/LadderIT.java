package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ladder of two small rungs: killed, gone on with, and as if nothing had been. */
class LadderIT {
  private static final long PATIENCE_SECONDS = 180;
  private static final List<String> MAIN =
      List.of("plain-1", "penalised-1", "plain-2", "penalised-2");

  @TempDir private static Path folder;

  @BeforeAll
  static void writeRungs() throws IOException {
    Files.writeString(
        folder.resolve("plain.conf"),
        """
        data {
          target = "%s", shards = 2, heldOut = 0.95, side = 8, fit = resize
        }
        pyramid.sides = [1, 4, 8]
        energy.networks { 4 = "3x3-6, dense 1", 8 = "3x3-6, dense 1" }
        langevin.steps = 4
        training { engine = %s, iterations = 3, batch = 16, cellSize = 4 }
        checkpoint.every = 1
        sampling { count = 44, sheet = 16, every = 100 }
        evaluation.extractor = "pixels:1x8x8"
        """
            .formatted(folder.resolve("data"), SmallRun.ENGINE));
    Files.writeString(
        folder.resolve("penalised.conf"),
        """
        include "plain.conf"
        training.penalty { gamma = 0.1, last = 0.1 }
        """);
  }

  @Test
  void aKilledLadderGoesOnToTheSameModelsAndDoesNothingTwice() throws Exception {
    Process process =
        SmallRun.launch(List.of(), folder.resolve("killed.log"), command("killed", "local[2]"));
    await(process, run("killed-penalised-1").path().resolve("metrics.jsonl"));
    process.destroyForcibly().waitFor();
    assertThat(run("killed").result()).as("killed before it was done").isEmpty();
    FileTime first = Files.getLastModifiedTime(resultFile("killed-plain-1"));
    assertThat(Gridscape.run(command("killed", "local[1]"))).isEqualTo(ExitCode.DONE);
    assertThat(Files.getLastModifiedTime(resultFile("killed-plain-1"))).isEqualTo(first);
    assertWhole("killed");

    Map<Path, FileTime> before = results();
    assertThat(Gridscape.run(command("killed", "local[1]"))).isEqualTo(ExitCode.DONE);
    Map<Path, FileTime> after = results();
    before.remove(resultFile("killed"));
    after.remove(resultFile("killed"));
    assertThat(before).hasSizeGreaterThan(11).isEqualTo(after);

    assertThat(Gridscape.run(command("calm", "local[2]"))).isEqualTo(ExitCode.DONE);
    assertWhole("calm");
    for (String name : MAIN) {
      assertThat(learned("killed-" + name)).isNotEmpty().isEqualTo(learned("calm-" + name));
    }
    assertThat(learned("calm-plain-1")).isNotEqualTo(learned("calm-penalised-1"));
    assertThat(learned("calm-plain-1")).isNotEqualTo(learned("calm-plain-2"));
    JsonNode one = ladder("killed");
    JsonNode other = ladder("calm");
    for (int i = 0; i < MAIN.size(); i++) {
      assertThat(one.at("/runs/" + i + "/score")).isEqualTo(other.at("/runs/" + i + "/score"));
    }

    String[] more = command("killed", "local[1]", "--set", "sampling.count=48");
    String bits = learned("killed-plain-1");
    assertThat(Gridscape.run(more)).isEqualTo(ExitCode.DONE);
    assertThat(learned("killed-plain-1")).isEqualTo(bits);
    assertThat(Files.readString(run("killed").path().resolve("LADDER.md")))
        .contains("of 48 fresh samples");
    assertThat(results().get(resultFile("killed-plain-1")))
        .isNotEqualTo(before.get(resultFile("killed-plain-1")));
    assertThat(results().get(resultFile("killed-plain-1-x1000000")))
        .isEqualTo(before.get(resultFile("killed-plain-1-x1000000")));

    Path samples = run("killed").path().resolve("sampling/plain-6-steps/result.json");
    String ofThisRun = Files.readString(samples);
    assertThat(ofThisRun).contains(bits);
    Files.writeString(samples, ofThisRun.replace(bits, "of another run"));
    assertThat(Gridscape.run(more)).isEqualTo(ExitCode.DONE);
    assertThat(Files.readString(samples)).as("samples of a run made anew").contains(bits);

    assertThat(Gridscape.run(command("killed", "local[1]", "--set", "training.iterations=4")))
        .as("a ladder of another length")
        .isEqualTo(ExitCode.USAGE);
  }

  /** Every part is there, and is what it is called. */
  private static void assertWhole(String ladder) throws IOException {
    JsonNode json = ladder(ladder);
    assertThat(json.path("runs")).hasSize(4);
    for (JsonNode run : json.path("runs")) {
      assertThat(run.path("iterations").asInt()).isEqualTo(3);
      assertThat(run.path("alarms").asInt()).isZero();
      JsonNode score = run.at("/score/0");
      assertThat(score.path("distance").asDouble())
          .isBetween(score.path("lower").asDouble(), score.path("upper").asDouble());
      assertThat(score.path("meanDistance").asDouble()).isPositive();
      assertThat(run.path("secondsPerIteration").asDouble()).isPositive();
    }
    assertThat(json.path("divergence")).hasSize(4);
    for (JsonNode run : json.path("divergence")) {
      assertThat(run.path("diverged").asBoolean()).isTrue();
      assertThat(run.path("remark").asText()).startsWith("Training diverged at iteration ");
    }
    assertThat(json.path("samplingSteps")).hasSize(4);
    for (JsonNode samples : json.path("samplingSteps")) {
      assertThat(samples.path("imagesPerSecond").asDouble()).isPositive();
      assertThat(samples.path("score")).hasSize(1);
    }
    String page = Files.readString(run(ladder).path().resolve("LADDER.md"));
    assertThat(page)
        .contains("| plain | 2 of 2 | ")
        .contains("| penalised | 2 of 2 | ")
        .containsPattern("\\| plain \\| 0 of 2 \\([0-9.]+\\) \\| 2 of 2( \\([0-9.]+\\))? \\|")
        .contains("of 44 fresh samples")
        .contains("[penalised](sheet-penalised.png)");
    assertThat(run(ladder).path().resolve("sheet-plain.png")).isRegularFile();
    assertThat(run(ladder).path().resolve("sheet-penalised.png")).isRegularFile();
    assertThat(run(ladder).result().orElseThrow().path("status").asText()).isEqualTo("complete");
  }

  @Test
  void unlikeRungsAreRefusedBeforeAnyWork() throws IOException {
    Files.writeString(
        folder.resolve("other.conf"), "include \"plain.conf\"\npyramid.sides = [1, 8]\n");
    String[] words = command("unlike", "local[1]");
    words[Arrays.asList(words).indexOf("penalised=" + folder.resolve("penalised.conf"))] =
        "other=" + folder.resolve("other.conf");
    assertThat(Gridscape.run(words)).isEqualTo(ExitCode.USAGE);
    assertThat(run("unlike").path()).doesNotExist();
  }

  private static String[] command(String runId, String master, String... more) {
    List<String> words = new ArrayList<>(List.of("experiment", "ladder"));
    words.addAll(List.of("--runs", folder.resolve("runs").toString(), "--run-id", runId));
    words.addAll(List.of("--master", master, "--seeds", "1,2", "--rates", "1,1000000"));
    words.addAll(List.of("--divergence-iterations", "3", "--sampling-steps", "0,6"));
    for (String rung : List.of("plain", "penalised")) {
      words.addAll(List.of("--rung", rung + "=" + folder.resolve(rung + ".conf")));
    }
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private static RunFolder run(String runId) {
    return RunFolder.of(folder.resolve("runs"), runId);
  }

  private static Path resultFile(String runId) {
    return run(runId).path().resolve("result.json");
  }

  private static String learned(String runId) {
    return run(runId).result().orElseThrow().path("parametersSha256").asText();
  }

  private static JsonNode ladder(String runId) throws IOException {
    return RunFolder.JSON.readTree(run(runId).path().resolve("ladder.json").toFile());
  }

  /** All results of all parts, with their times. */
  private static Map<Path, FileTime> results() throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve("runs"))) {
      for (Path file : files.filter(path -> path.endsWith("result.json")).toList()) {
        times.put(file, Files.getLastModifiedTime(file));
      }
    }
    return times;
  }

  /** Polls for a file of the other process; fails if that ends first. */
  private static void await(Process process, Path file) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.exists(file)) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as("ended early").isFalse();
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
    }
  }
}
