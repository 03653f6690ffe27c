package org.gridscape.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.gridscape.features.ExtractorIdentity;
import org.gridscape.metrics.FidInfinity;
import org.gridscape.metrics.FrechetDistance;

/**
 * A result as JSON: flat keys as torch-fidelity has them, and objects beside them for what it does
 * not have.
 */
public final class EvaluationJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private EvaluationJson() {}

  /**
   * The result.
   *
   * @param more warnings about the sides themselves
   */
  public static ObjectNode of(EvaluationResult result, List<String> more) {
    ObjectNode json = JSON.createObjectNode();
    result
        .inceptionScore()
        .ifPresent(
            score -> {
              json.put("inception_score_mean", score.mean());
              json.put("inception_score_std", score.deviation());
            });
    result
        .frechet()
        .ifPresent(distance -> json.put("frechet_inception_distance", distance.value()));
    result
        .kernel()
        .ifPresent(
            kernel -> {
              json.put("kernel_inception_distance_mean", kernel.mean());
              json.put("kernel_inception_distance_std", kernel.deviation());
            });
    result
        .neighbours()
        .ifPresent(
            scores -> {
              json.put("precision", scores.precision());
              json.put("recall", scores.recall());
              json.put("f_score", scores.fScore());
              json.put("density", scores.density());
              json.put("coverage", scores.coverage());
            });
    result.mind().ifPresent(mind -> json.put("monge_inception_distance", mind));
    result
        .spatial()
        .ifPresent(distance -> json.put("spatial_frechet_inception_distance", distance.value()));
    frechet(result, json.putObject("frechet"));
    result
        .kernelBlocks()
        .ifPresent(
            blocks ->
                json.putObject("kernel")
                    .put("blocks", blocks.blocks())
                    .put("mean", blocks.mean())
                    .put("standard_error", blocks.standardError()));
    side(result.generated(), json.putObject("generated"));
    side(result.reference(), json.putObject("reference"));
    result
        .rows()
        .ifPresent(
            rows ->
                json.putObject("subsample")
                    .put("generated", rows.generated())
                    .put("reference", rows.reference()));
    extractor(result, json);
    json.set("seconds", JSON.valueToTree(result.seconds()));
    ArrayNode warnings = json.putArray("warnings");
    result.warnings().forEach(warnings::add);
    more.forEach(warnings::add);
    return json;
  }

  private static void frechet(EvaluationResult result, ObjectNode json) {
    result.frechet().ifPresent(distance -> components(distance, json));
    result
        .interval()
        .ifPresent(
            interval ->
                json.putObject("interval_95")
                    .put("lower", interval.lower())
                    .put("upper", interval.upper())
                    .put("standard_error", interval.standardError())
                    .put("jackknife_bias", interval.bias()));
    result.infinity().ifPresent(line -> line(line, json.putObject("infinity")));
    result.infinityOfBoth().ifPresent(line -> line(line, json.putObject("infinity_of_both_sides")));
    result
        .floor()
        .ifPresent(distance -> json.put("noise_floor_of_reference_halves", distance.value()));
    result.spatial().ifPresent(distance -> components(distance, json.putObject("spatial")));
  }

  private static void components(FrechetDistance distance, ObjectNode json) {
    json.put("mean_term", distance.meanTerm())
        .put("covariance_term", distance.covarianceTerm())
        .put("trace_generated", distance.generatedTrace())
        .put("trace_reference", distance.referenceTrace())
        .put("trace_of_root", distance.rootTrace())
        .put("rank", distance.rank());
  }

  private static void line(FidInfinity line, ObjectNode json) {
    json.put("value", line.intercept())
        .put("slope", line.slope())
        .put("r_squared", line.rSquared());
  }

  private static void side(Side side, ObjectNode json) {
    json.put("name", side.name());
    side.count().ifPresent(count -> json.put("images", count));
    json.put("kind", side instanceof Side.Images ? "images" : "statistics");
  }

  private static void extractor(EvaluationResult result, ObjectNode json) {
    Side side = result.generated() instanceof Side.Images ? result.generated() : result.reference();
    if (side instanceof Side.Images images) {
      ExtractorIdentity identity = images.features().identity();
      json.put("protocol", identity.protocol());
      json.putObject("extractor")
          .put("name", identity.name())
          .put("sha256", identity.sha256())
          .put("dimension", identity.dimension())
          .put("classes", identity.classes());
    }
  }

  /**
   * Puts a distance between statistics.
   *
   * @param key of the distance
   * @param details key of its components
   */
  public static void put(FrechetDistance distance, String key, String details, ObjectNode json) {
    json.put(key, distance.value());
    components(distance, json.putObject(details));
  }
}
