package org.gridscape.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two small trainings on Spark; threads stand in for executor processes. */
class ClusterBenchIT {
  @TempDir private Path folder;

  @Test
  void phasesModelAndForecastComeFromTheIterations() {
    List<Integer> sessions = new ArrayList<>();
    List<String> progress = new ArrayList<>();
    ClusterBench bench =
        new ClusterBench(
            List.of(
                new ClusterCase(ClusterCase.STABLE, tiny("training.localSteps=0"), 1, 2),
                new ClusterCase("averaging", tiny("training.localSteps=2"), 1, 1),
                new ClusterCase(
                    "groups", tiny("training.sum.driverBytes=0", "training.sum.fanIn=2"), 1, 1)),
            2,
            folder,
            processes -> {
              sessions.add(processes);
              return session(processes);
            },
            progress::add);
    ObjectNode results = bench.run("0.0");
    assertThat(sessions).containsExactly(1, 2, 2, 1);
    assertThat(progress).hasSize(12);
    JsonNode row = results.at("/cluster/0");
    // A convolution of 3 channels to 2, and its head: 3 x 9 x 2 + 2 and 4 x 4 x 2 + 1 floats.
    double megabytes = 4 * (56 + 33) / 1e6;
    assertThat(row.path("megabytes").asDouble()).isEqualTo(megabytes);
    assertThat(row.path("megabytesUp").asDouble()).isEqualTo(megabytes);
    assertThat(row.path("fanIn").asInt()).isZero();
    JsonNode two = row.at("/runs/1");
    assertThat(two.path("iterations").asInt()).isEqualTo(4);
    double seconds = two.at("/seconds/median").asDouble();
    assertThat(two.at("/chain/median").asDouble()).isPositive().isLessThan(seconds);
    assertThat(two.at("/overhead/median").asDouble()).isPositive().isLessThan(seconds);
    assertThat(row.at("/efficiency/min").asDouble()).isPositive();
    // Adam has two moments.
    assertThat(results.at("/cluster/1/megabytesUp").asDouble())
        .isEqualTo(Figures.rounded(3 * megabytes));
    assertThat(results.at("/cluster/2/fanIn").asInt()).isEqualTo(2);
    assertThat(results.path("forecast")).hasSize(8);
    assertThat(results.at("/forecast/0/points/4/executors").asInt()).isEqualTo(1000);
    String text = ClusterMarkdown.render(results);
    assertThat(text)
        .startsWith("## Executor processes\n")
        .contains("| stable64 | 0.000356 | 2 | 4 | 2 | 0 | ")
        .contains("| groups | 0.000356 | 0.000356 | groups of 2 | 2 | ")
        .contains("| stable64 | 10 | gradients | driver | ");
    assertThat(ClusterMarkdown.SECTIONS).containsExactly("Executor processes");
  }

  private RunConfig tiny(String... more) {
    List<String> overrides =
        new ArrayList<>(
            List.of(
                "pyramid.sides=[1,4]",
                "data.side=4",
                "data.channels=3",
                "data.fit=resize",
                "data.source=\"%s\"".formatted(BenchPlan.noiseImages(folder)),
                "data.target=\"%s\"".formatted(folder.resolve("data")),
                "data.shards=2",
                "energy.networks.4=\"3x3-2, dense 1\"",
                "langevin.steps=2",
                "training.batch=8",
                "training.cellSize=4"));
    overrides.addAll(List.of(more));
    return RunConfig.of(ConfigLayers.load(Optional.empty(), overrides));
  }

  private static SparkSession session(int cores) {
    return SparkSession.builder()
        .master("local[%d]".formatted(cores))
        .config("spark.ui.enabled", "false")
        .getOrCreate();
  }
}
