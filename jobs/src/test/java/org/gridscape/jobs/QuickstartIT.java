package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.gridscape.energy.EngineKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands one after the other, as a newcomer would try them. */
class QuickstartIT {
  private static final String[] MASTER = {"--master", "local[2]"};

  @TempDir private Path folder;

  @Test
  void leavesEverythingPromisedAndGoesOnFromThere() throws Exception {
    SmallRun small = new SmallRun(folder, "small");
    assertThat(Gridscape.run(quickstart(small))).isEqualTo(ExitCode.DONE);
    RunFolder run = small.run();
    ObjectNode result = run.result().orElseThrow();
    assertThat(result.path("status").asText()).isEqualTo("complete");
    assertThat(result.path("command").asText()).isEqualTo("quickstart");
    assertThat(result.path("iterations").asInt()).isEqualTo(SmallRun.ITERATIONS);
    assertThat(result.path("engine").asText())
        .isEqualTo(EngineKind.parse(SmallRun.ENGINE).toString());
    assertThat(result.path("parametersSha256").asText()).matches("[0-9a-f]{64}");
    assertThat(result.path("energyGaps").has("8")).isTrue();
    assertThat(result.path("energyGaps").has("32")).isTrue();
    double samples = result.at("/score/samples").asDouble();
    double starts = result.at("/score/starts").asDouble();
    double floor = result.at("/score/floor").asDouble();
    assertThat(floor).isPositive().isLessThan(starts / 50);
    assertThat(samples).isGreaterThan(floor);
    assertThat(result.at("/score/extractor").asText()).startsWith("fashion-mnist-classifier");
    for (String file :
        List.of(
            "config.resolved.conf",
            "provenance.json",
            "report.html",
            "samples/observed/grid-32.png",
            "samples/iteration-00000006/grid-8.png",
            "samples/iteration-00000012/grid-32.png",
            "samples/final/grid-8.png",
            "samples/final/images/sample-000039.png",
            "samples/final/samples.parquet/_SUCCESS",
            "checkpoints/iteration-00000012/commit.json")) {
      assertThat(run.path().resolve(file)).exists();
    }
    assertThat(Files.readAllLines(run.path().resolve("samples/final/energies.csv")))
        .hasSize(41)
        .startsWith("image,grid_8,grid_32");
    try (Stream<Path> checkpoints = Files.list(Path.of(run.checkpoints()))) {
      assertThat(checkpoints).hasSize(3);
    }

    long written = Files.getLastModifiedTime(run.path().resolve("result.json")).toMillis();
    assertThat(Gridscape.run(quickstart(small))).isEqualTo(ExitCode.DONE);
    assertThat(Files.getLastModifiedTime(run.path().resolve("result.json")).toMillis())
        .isEqualTo(written);
    assertThat(Gridscape.run(small.command("train", "--set", "training.dataNoise=0.1")))
        .isEqualTo(ExitCode.USAGE);

    String[] sample = {
      "sample",
      "--runs",
      folder.resolve("runs").toString(),
      "--run-id",
      "small",
      "--set",
      "sampling.count=5",
      "--master",
      "local[2]"
    };
    assertThat(Gridscape.run(sample)).isEqualTo(ExitCode.DONE);
    assertThat(Files.readAllLines(run.path().resolve("samples/final/energies.csv"))).hasSize(6);
    ObjectNode sampled = run.result().orElseThrow();
    assertThat(sampled.path("samplesDrawn").asInt()).isEqualTo(5);
    assertThat(sampled.has("score")).as("the score of images that are gone").isFalse();
    assertThat(Files.readString(run.config())).contains("count=40");
    assertThat(small.parametersSha256()).isEqualTo(result.path("parametersSha256").asText());
  }

  @Test
  void unpreparedDataIsBadData() {
    SmallRun small = new SmallRun(folder, "unprepared");
    int code =
        Gridscape.run(
            small.command("train", "--set", "data.source=absent.zip", "--master", "local[2]"));
    assertThat(code).isEqualTo(ExitCode.BAD_DATA);
    ObjectNode result = small.run().result().orElseThrow();
    assertThat(result.path("status").asText()).isEqualTo("failed");
    assertThat(result.path("error").asText()).contains("prepare");
  }

  @Test
  void aSourceThatIsNotThereIsBadData() {
    SmallRun small = new SmallRun(folder, "absent");
    int code =
        Gridscape.run(
            small.command("prepare", "--set", "data.source=absent.zip", "--master", "local[2]"));
    assertThat(code).isEqualTo(ExitCode.BAD_DATA);
  }

  @Test
  void anUnknownMasterIsAUsageError() {
    SmallRun small = new SmallRun(folder, "nowhere");
    assertThat(Gridscape.run(small.command("train", "--master", "local-cluster[2")))
        .isEqualTo(ExitCode.USAGE);
    assertThat(small.run().result().orElseThrow().path("error").asText())
        .startsWith("Invalid --master: local-cluster[2 (must be local[CORES]");
  }

  @Test
  void aBatchLargerThanTheShardsIsAUsageError() {
    SmallRun small = new SmallRun(folder, "greedy");
    int code =
        Gridscape.run(
            small.command("train", "--set", "training.batch=16000", "--master", "local[2]"));
    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(small.run().result().orElseThrow().path("error").asText())
        .isEqualTo(
            "Invalid batch: 8000 images a shard and iteration"
                + " (must be at most the 4500 of shard-00000.parquet)");
  }

  @Test
  void divergenceHasItsExitCodeAndKeepsTheCheckpoints() {
    SmallRun small = new SmallRun(folder, "diverging");
    int code =
        Gridscape.run(
            small.command(
                "train",
                "--set",
                "training.learningRate.rate=1e12",
                "--set",
                "training.learningRate.schedule=constant",
                "--set",
                "checkpoint.every=1",
                "--master",
                "local[2]"));
    assertThat(code).isEqualTo(ExitCode.DIVERGED);
    ObjectNode result = small.run().result().orElseThrow();
    assertThat(result.path("status").asText()).isEqualTo("diverged");
    assertThat(result.path("error").asText()).contains("diverged at iteration");
  }

  private static String[] quickstart(SmallRun small) {
    return small.command("quickstart", MASTER);
  }
}
