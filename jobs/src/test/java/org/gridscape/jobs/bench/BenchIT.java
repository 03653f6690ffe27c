package org.gridscape.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
            List.of(),
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

  @Test
  void thePenaltyIsTimedBesideTheSameTrainingWithoutIt() {
    List<String> settings =
        List.of(
            "pyramid.sides=[1,4]",
            "data.side=4",
            "data.fit=resize",
            "data.source=\"%s\"".formatted(BenchPlan.noiseImages(folder)),
            "data.target=\"%s\"".formatted(folder.resolve("data")),
            "data.shards=2",
            "energy.networks.4=\"3x3-2, dense 1\"",
            "langevin.steps=2",
            "training.batch=8",
            "training.cellSize=4");
    List<RunConfig> pair =
        Stream.of("training.penalty.gamma=0", "training.penalty.gamma=1")
            .map(gamma -> Stream.concat(settings.stream(), Stream.of(gamma)).toList())
            .map(all -> RunConfig.of(ConfigLayers.load(Optional.empty(), all)))
            .toList();
    BenchPlan plan =
        new BenchPlan(
            Map.of(),
            Map.of(),
            List.of(new PenaltyCase("tiny", pair.get(0), pair.get(1), 1)),
            new Rounds(1, 0, 1),
            new Rounds(3, 0, 1),
            List.of(),
            List.of());
    List<String> progress = new ArrayList<>();
    Path absent = folder.resolve("absent.py");
    ObjectNode results =
        new Bench(plan, "sh", absent, folder, BenchIT::session, progress::add).run("0.0");
    JsonNode row = results.path("penalty").get(0);
    assertThat(row.path("title").asText()).isEqualTo("tiny");
    assertThat(row.path("engine").asText()).isEqualTo(pair.get(1).engine().toString());
    assertThat(row.path("steps").asInt()).isEqualTo(2);
    assertThat(row.at("/secondsPerIteration/without").asDouble()).isPositive();
    assertThat(row.at("/secondsPerIteration/with").asDouble()).isPositive();
    double extra = row.at("/extra/median").asDouble();
    assertThat(extra)
        .isBetween(row.at("/extra/min").asDouble(), row.at("/extra/max").asDouble())
        .isGreaterThan(-1);
    assertThat(progress.get(progress.size() - 1)).startsWith("penalty/tiny/threads-1: without ");
    assertThat(BenchMarkdown.render(results)).contains("| tiny | 2 | 1 | ");
  }

  private static SparkSession session(int cores) {
    return SparkSession.builder()
        .master("local[%d]".formatted(cores))
        .config("spark.ui.enabled", "false")
        .getOrCreate();
  }
}
