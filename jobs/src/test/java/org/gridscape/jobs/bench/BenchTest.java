package org.gridscape.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One round on a tiny network; a shell stands in for Python. */
class BenchTest {
  @TempDir private Path folder;

  private final List<String> progress = new ArrayList<>();

  @Test
  void rowHoldsTheFiguresOfEveryContender() throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("peer.sh"),
            """
            echo '{"torch": "9.9"}'
            while read -r request; do
              case $request in
                *'"mode":"eager"'*) echo '{"seconds": 0.5}' ;;
                *'"mode":"compile"'*) echo '{"error": "no compiler"}' ;;
                *) echo '{"seconds": 0.25}' ;;
              esac
            done
            """);
    ObjectNode results = run("sh", script);
    JsonNode row = results.path("chain").get(0);
    assertThat(row.path("preset").asText()).isEqualTo("tiny");
    assertThat(row.path("grid").asInt()).isEqualTo(4);
    assertThat(row.path("network").asText()).isEqualTo("3x3-2, dense 1");
    assertThat(row.path("batch").asInt()).isEqualTo(3);
    assertThat(row.path("threads").asInt()).isEqualTo(2);
    assertThat(row.path("images").asInt()).isEqualTo(6);
    assertThat(row.at("/stepsPerSecond/reference").asDouble()).isPositive();
    assertThat(row.at("/stepsPerSecond/pytorch").asDouble()).isEqualTo(4);
    assertThat(row.at("/spread/pytorch/min").asDouble()).isEqualTo(4);
    assertThat(row.path("pytorchMode").asText()).isEqualTo("channels-last");
    assertThat(row.at("/pytorchModes/eager").asDouble()).isEqualTo(2);
    assertThat(row.at("/failures/pytorch compile").asText())
        .isEqualTo("Cannot use PyTorch: no compiler");
    assertThat(row.at("/gigaflops/reference").asDouble()).isPositive();
    assertThat(row.at("/shareOfSgemm/pytorch").asDouble()).isPositive();
    assertThat(results.at("/torch/version").asText()).isEqualTo("9.9");
    assertThat(results.at("/sgemm/0/threads").asInt()).isEqualTo(2);
    assertThat(results.at("/machine/cores").asInt()).isPositive();
    assertThat(results.at("/machine/nd4j").asText()).isEqualTo("1.0.0-M2.1");
    assertThat(progress.get(progress.size() - 1)).startsWith("chain/tiny/4/batch-3/threads-2: ");
    assertThat(BenchMarkdown.render(results)).contains("| tiny | 4x4, 1 ch. | 3x3-2, dense 1 | 3");
  }

  @Test
  void withoutTorchItsFiguresAreNull() {
    ObjectNode results = run("sh", folder.resolve("absent.py"));
    JsonNode row = results.path("chain").get(0);
    assertThat(row.at("/stepsPerSecond/pytorch").isNull()).isTrue();
    assertThat(row.at("/spread/pytorch").isNull()).isTrue();
    assertThat(row.path("pytorchMode").isNull()).isTrue();
    assertThat(row.at("/gigaflops/pytorch").isNull()).isTrue();
    assertThat(row.at("/stepsPerSecond/reference").asDouble()).isPositive();
    assertThat(results.at("/torch/version").isNull()).isTrue();
    assertThat(progress)
        .anyMatch(
            line ->
                line.equals(
                    "Cannot use PyTorch: no file %s; going on without it"
                        .formatted(folder.resolve("absent.py"))));
    assertThat(BenchMarkdown.render(results)).contains("no PyTorch (Cannot use PyTorch: no file ");
  }

  private ObjectNode run(String python, Path script) {
    RunConfig config =
        RunConfig.of(
            ConfigLayers.load(
                Optional.empty(),
                List.of(
                    "pyramid.sides=[1,4]", "data.side=4", "energy.networks.4=\"3x3-2, dense 1\"")));
    BenchPlan plan =
        new BenchPlan(
            Map.of("chain", List.of(ChainCase.of("tiny", config, 0, 3, 2))),
            Map.of("iteration", List.of()),
            List.of(),
            new Rounds(1, 0.01, 5),
            new Rounds(1, 0.01, 1),
            List.of("eager", "channels-last", "compile"),
            List.of());
    return new Bench(
            plan,
            python,
            script,
            folder,
            cores -> {
              throw new AssertionError("chains need no Spark");
            },
            progress::add)
        .run("0.0");
  }
}
