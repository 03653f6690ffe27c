package org.gridscape.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.gridscape.evaluate.EvaluationResult;
import org.gridscape.evaluate.Side;
import org.gridscape.features.ExtractorIdentity;
import org.gridscape.metrics.FidInfinity;

/** A result for people: a line a measure, then notes. */
final class EvaluationText {
  private EvaluationText() {}

  static String of(EvaluationResult result) {
    List<String> lines = new ArrayList<>();
    lines.add("generated  " + side(result.generated()));
    lines.add("reference  " + side(result.reference()));
    lines.add("extractor  " + extractor(result));
    lines.add("");
    result.frechet().ifPresent(distance -> lines.add(line("FID", "%.4f", distance.value())));
    result
        .interval()
        .ifPresent(
            interval ->
                lines.add(
                    line(
                        "  95% interval",
                        "%.4f to %.4f (sampling of the generated images)",
                        interval.lower(),
                        interval.upper())));
    result.infinity().ifPresent(line -> lines.add(infinity("FID infinity", line)));
    result.infinityOfBoth().ifPresent(line -> lines.add(infinity("  of both sides", line)));
    result
        .floor()
        .ifPresent(
            distance ->
                lines.add(
                    line(
                        "  noise floor",
                        "%.4f (half of the reference to the other half)",
                        distance.value())));
    result.spatial().ifPresent(distance -> lines.add(line("sFID", "%.4f", distance.value())));
    result
        .kernel()
        .ifPresent(
            kernel ->
                lines.add(
                    line(
                        "KID x 1000",
                        "%.4f, deviation of subsets %.4f",
                        1000 * kernel.mean(),
                        1000 * kernel.deviation())));
    result
        .kernelBlocks()
        .ifPresent(
            blocks ->
                lines.add(
                    line(
                        "  disjoint blocks",
                        "%.4f, standard error %.4f of %d",
                        1000 * blocks.mean(),
                        1000 * blocks.standardError(),
                        blocks.blocks())));
    result
        .inceptionScore()
        .ifPresent(
            score ->
                lines.add(
                    line("Inception Score", "%.4f +- %.4f", score.mean(), score.deviation())));
    result
        .neighbours()
        .ifPresent(
            scores -> {
              lines.add(
                  line("precision, recall", "%.4f, %.4f", scores.precision(), scores.recall()));
              lines.add(
                  line("density, coverage", "%.4f, %.4f", scores.density(), scores.coverage()));
            });
    result.mind().ifPresent(mind -> lines.add(line("MIND", "%.4f", mind)));
    result
        .rows()
        .ifPresent(
            rows ->
                lines.add(
                    line(
                        "  (last ones on",
                        "%,d generated and %,d reference images)",
                        rows.generated(),
                        rows.reference())));
    lines.add("");
    result.warnings().forEach(warning -> lines.add("note: " + warning));
    return String.join("\n", lines) + "\n";
  }

  private static String side(Side side) {
    String count =
        side.count().isPresent()
            ? String.format(Locale.ROOT, "%,d images", side.count().getAsLong())
            : "unknown number of images";
    return "%s, %s%s"
        .formatted(side.name(), count, side instanceof Side.Images ? "" : " (statistics)");
  }

  private static String extractor(EvaluationResult result) {
    Side side = result.generated() instanceof Side.Images ? result.generated() : result.reference();
    if (!(side instanceof Side.Images images)) {
      return "unknown";
    }
    ExtractorIdentity identity = images.features().identity();
    return "%s%s, %d features%s"
        .formatted(
            identity.name(),
            identity.sha256().isEmpty()
                ? ""
                : " (SHA-256 " + identity.sha256().substring(0, 12) + "...)",
            identity.dimension(),
            identity.protocol().isEmpty() ? "" : ", protocol " + identity.protocol());
  }

  private static String infinity(String name, FidInfinity line) {
    return line(name, "%.4f (line of R^2 %.3f)", line.intercept(), line.rSquared());
  }

  private static String line(String name, String format, Object... values) {
    return String.format(Locale.ROOT, "%-18s", name) + String.format(Locale.ROOT, format, values);
  }
}
