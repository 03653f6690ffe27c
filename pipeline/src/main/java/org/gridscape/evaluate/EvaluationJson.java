package org.gridscape.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
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
   * @param identity of the extractor, where features were taken or a file names it
   */
  public static ObjectNode of(EvaluationResult result, Optional<ExtractorIdentity> identity) {
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
    identity.ifPresent(found -> extractor(found, json.putObject("extractor")));
    json.set("seconds", JSON.valueToTree(result.seconds()));
    ArrayNode warnings = json.putArray("warnings");
    result.warnings().forEach(warnings::add);
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
        .put("lower", line.lower())
        .put("upper", line.upper())
        .put("slope", line.slope())
        .put("r_squared", line.rSquared());
  }

  private static void side(Side side, ObjectNode json) {
    json.put("name", side.name());
    side.count().ifPresent(count -> json.put("images", count));
    json.put("kind", side instanceof Side.Images ? "images" : "statistics");
  }

  private static void extractor(ExtractorIdentity identity, ObjectNode json) {
    json.put("name", identity.name())
        .put("sha256", identity.sha256())
        .put("protocol", identity.protocol())
        .put("dimension", identity.dimension());
  }
}
