package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images and a network in, the figures of pytorch-fid, torch-fidelity and prdc out. */
class EvaluationGoldenIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NETWORK =
      "../pipeline/src/test/resources/org/gridscape/features/tiny-network.onnx";

  /** Rounding of features in single precision, as relative deviation of figures of them. */
  private static final double ROUNDING = 1e-5;

  @TempDir private Path folder;

  @Test
  void calcGivesTheFiguresOfThePackages() throws Exception {
    JsonNode found =
        evaluate(
            "calc",
            resource("generated.npz"),
            resource("reference.npz"),
            "--kid-subsets",
            "20",
            "--kid-subset-size",
            "30",
            "--isc-splits",
            "4");

    Map<String, Double> golden = golden();
    golden.forEach(
        (key, value) ->
            assertThat(found.path(key).asDouble(Double.NaN))
                .as(key)
                .isEqualTo(value, within(ROUNDING * value)));
    assertThat(golden).hasSize(10);
    assertThat(found.path("protocol").asText()).isEqualTo("tf-legacy");
    assertThat(found.at("/generated/images").asInt()).isEqualTo(40);
    assertThat(found.at("/reference/images").asInt()).isEqualTo(50);
  }

  @Test
  void statisticsOfPartsMergeAndCompareToTheSameDistance() throws Exception {
    String generated = folder.resolve("generated.npz").toString();
    String reference = folder.resolve("reference.npz").toString();
    String both = folder.resolve("both.npz").toString();
    evaluate("stats", resource("generated.npz"), "--out", generated);
    evaluate("stats", resource("reference.npz"), "--out", reference);
    double distance = golden().getOrDefault("frechet_inception_distance", Double.NaN);

    JsonNode compared = run("compare", generated, reference);
    JsonNode merged = run("merge", generated, reference, "--out", both);

    assertThat(compared.path("frechet_inception_distance").asDouble())
        .isEqualTo(distance, within(ROUNDING * distance));
    assertThat(merged.path("n").asInt()).isEqualTo(90);
    JsonNode same = run("compare", both, both);
    assertThat(same.path("frechet_inception_distance").asDouble()).isEqualTo(0, within(1e-12));
    JsonNode mixed = evaluate("calc", resource("generated.npz"), reference);
    assertThat(mixed.path("frechet_inception_distance").asDouble())
        .isEqualTo(distance, within(ROUNDING * distance));
    assertThat(mixed.has("precision")).isFalse();
  }

  /** Runs a command that takes features. */
  private JsonNode evaluate(String command, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(
        List.of(
            "--extractor",
            NETWORK,
            "--work",
            folder.resolve("evaluations").toString(),
            "--master",
            "local[2]"));
    return run(command, all.toArray(String[]::new));
  }

  /** What a command writes as JSON. */
  private JsonNode run(String command, String... words) throws Exception {
    Path json = folder.resolve(command + ".json");
    List<String> all = new ArrayList<>(List.of("evaluate", command));
    all.addAll(List.of(words));
    all.addAll(List.of("--json", json.toString()));
    assertThat(Gridscape.run(all.toArray(String[]::new))).isEqualTo(ExitCode.DONE);
    return JSON.readTree(Files.readString(json));
  }

  private static Map<String, Double> golden() throws Exception {
    try (InputStream in = Files.newInputStream(Path.of(resource("evaluation.json")))) {
      return JSON.readValue(
          in, JSON.getTypeFactory().constructMapType(Map.class, String.class, Double.class));
    }
  }

  private static String resource(String name) throws URISyntaxException {
    return Path.of(Objects.requireNonNull(EvaluationGoldenIT.class.getResource(name)).toURI())
        .toString();
  }
}
