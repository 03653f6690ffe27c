package org.gridscape.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One round of iterations on Spark; a shell stands in for Python. */
class BenchIT {
  @TempDir private Path folder;

  @Test
  void iterationsAreTimedOnMadeUpImages() throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("peer.sh"),
            "echo '{\"torch\": \"9.9\"}'; while read -r r; do echo '{\"seconds\": 0.25}'; done");
    RunConfig config =
        RunConfig.of(
            ConfigLayers.load(
                Optional.empty(),
                List.of(
                    "preset=paper",
                    "pyramid.sides=[1,4]",
                    "data.side=4",
                    "data.source=\"%s\"".formatted(BenchPlan.noiseImages(folder)),
                    "data.target=\"%s\"".formatted(folder.resolve("data")),
                    "data.shards=2",
                    "energy.networks.4=\"3x3-2, dense 1\"",
                    "langevin.steps=2",
                    "training.batch=8",
                    "training.cellSize=4")));
    BenchPlan plan =
        new BenchPlan(
            Map.of(),
            Map.of("iteration", List.of(new IterationCase("tiny", config, 2))),
            new Rounds(1, 0, 1),
            new Rounds(1, 0, 1),
            List.of(),
            List.of("eager"));
    JsonNode row =
        new Bench(plan, "sh", script, folder, BenchIT::session, line -> {})
            .run("0.0")
            .path("iteration")
            .get(0);
    assertThat(row.path("title").asText()).isEqualTo("tiny");
    assertThat(row.path("grid").asInt()).isEqualTo(4);
    assertThat(row.path("sides").toString()).isEqualTo("[1,4]");
    assertThat(row.path("network").asText()).isEqualTo("4: 3x3-2, dense 1");
    assertThat(row.path("batch").asInt()).isEqualTo(8);
    assertThat(row.path("threads").asInt()).isEqualTo(2);
    assertThat(row.at("/secondsPerIteration/reference").asDouble()).isPositive();
    assertThat(row.at("/secondsPerIteration/pytorch").asDouble()).isEqualTo(0.25);
    assertThat(row.at("/phases/reference/chain").asDouble()).isBetween(0.0, 1.0);
    assertThat(row.has("failures")).isFalse();
  }

  private static SparkSession session(int cores) {
    return SparkSession.builder()
        .master("local[%d]".formatted(cores))
        .config("spark.ui.enabled", "false")
        .getOrCreate();
  }
}
