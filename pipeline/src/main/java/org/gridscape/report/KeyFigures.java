package org.gridscape.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The head of the report: how the run stands, in a few figures.
 *
 * @param figures label, value and a remark each
 * @param error why the run ended early; "" where it did not
 * @param replay the command line that repeats what failed; "" where there is none
 * @param notes sentences on what is missing or broken
 */
record KeyFigures(
    String status,
    String statusClass,
    List<Figure> figures,
    String error,
    String replay,
    List<String> notes) {

  /** One figure; the remark may be empty. */
  record Figure(String label, String value, String remark) {}

  /** Takes the figures from the result, and from the log where the run has not ended. */
  static KeyFigures of(Optional<JsonNode> result, RunHistory history) {
    List<Figure> figures = new ArrayList<>();
    List<IterationMetrics> iterations = history.iterations();
    int logged = iterations.isEmpty() ? 0 : iterations.get(iterations.size() - 1).iteration();
    double total = iterations.stream().mapToDouble(IterationMetrics::seconds).sum();
    int done = result.map(r -> r.path("iterations").asInt(logged)).orElse(logged);
    figures.add(new Figure("Iterations", Integer.toString(done), ""));
    if (!iterations.isEmpty()) {
      double mean =
          result
              .map(r -> r.path("secondsPerIteration").asDouble(total / iterations.size()))
              .orElse(total / iterations.size());
      String remark = Wording.duration(total) + " in all";
      figures.add(new Figure("Seconds per iteration", Wording.number(mean), remark));
    }
    recoveries(Recoveries.of(history), figures);
    lastScore(ScoreCurve.scored(history), figures);
    result.map(r -> r.path("score")).filter(JsonNode::isObject).ifPresent(s -> score(s, figures));
    String status = result.map(r -> r.path("status").asText("unknown")).orElse("unfinished");
    return new KeyFigures(
        status,
        statusClass(status),
        figures,
        text(result, "error"),
        text(result, "replay"),
        notes(result, history));
  }

  /** Whether the run ended early and says why. */
  boolean failed() {
    return !error.isEmpty();
  }

  /** Whether what failed can be repeated. */
  boolean replayable() {
    return !replay.isEmpty();
  }

  private static String text(Optional<JsonNode> result, String key) {
    return result.map(r -> r.path(key).asText()).orElse("");
  }

  private static void recoveries(Recoveries recoveries, List<Figure> figures) {
    if (recoveries.some()) {
      List<Recoveries.Row> rows = recoveries.rows();
      Recoveries.Row last = rows.get(rows.size() - 1);
      String remark = "last before iteration " + last.iteration() + ": " + last.action();
      figures.add(new Figure("Recoveries", Integer.toString(rows.size()), remark));
    }
  }

  private static String statusClass(String status) {
    return switch (status) {
      case "complete" -> "complete";
      case "stopped", "unfinished" -> "unfinished";
      default -> "broken";
    };
  }

  /** The last score and the best of those that compare with it. */
  private static void lastScore(List<ScoreCurve.Point> scored, List<Figure> figures) {
    if (scored.isEmpty()) {
      return;
    }
    ScoreCurve.Point last = scored.get(scored.size() - 1);
    List<ScoreCurve.Point> alike =
        scored.stream().filter(point -> point.score().comparesWith(last.score())).toList();
    ScoreCurve.Point best =
        alike.stream()
            .min(Comparator.comparingDouble(point -> point.score().distance()))
            .orElseThrow();
    List<String> remark = new ArrayList<>(List.of(interval(last.score())));
    if (alike.size() > 1) {
      remark.add(
          best.equals(last)
              ? "the best of %d".formatted(alike.size())
              : "best: %s at iteration %d, %s"
                  .formatted(
                      Wording.number(best.score().distance()),
                      best.iteration(),
                      interval(best.score())));
    }
    if (Double.isFinite(last.score().meanDistance())) {
      remark.add("mean features " + Wording.number(last.score().meanDistance()) + " apart");
    }
    remark.add(
        "%d samples, %s features".formatted(last.score().samples(), last.score().extractor()));
    figures.add(
        new Figure(
            "Frechet distance at iteration " + last.iteration(),
            Wording.number(last.score().distance()),
            String.join("; ", remark)));
  }

  private static String interval(SampleScore score) {
    return interval(Wording.number(score.lower()), Wording.number(score.upper()));
  }

  private static String interval(String lower, String upper) {
    return "95\u00a0% interval " + lower + " to " + upper;
  }

  private static void score(JsonNode score, List<Figure> figures) {
    String extractor = score.path("extractor").asText("unnamed extractor");
    String name = "Frechet distance (" + extractor + " features)";
    if (score.path("samples").isNumber()) {
      figures.add(new Figure(name, Wording.value(score.path("samples")), comparison(score)));
    }
  }

  private static String comparison(JsonNode score) {
    List<String> parts = new ArrayList<>();
    if (score.path("lower").isNumber() && score.path("upper").isNumber()) {
      parts.add(interval(Wording.value(score.path("lower")), Wording.value(score.path("upper"))));
    }
    parts.add("lower is better");
    if (score.path("starts").isNumber()) {
      parts.add("replicated 1\u00d71 starts: " + Wording.value(score.path("starts")));
    }
    if (score.path("floor").isNumber()) {
      parts.add("held-out real images: " + Wording.value(score.path("floor")));
    }
    return String.join("; ", parts);
  }

  private static List<String> notes(Optional<JsonNode> result, RunHistory history) {
    List<String> notes = new ArrayList<>();
    if (result.isEmpty()) {
      notes.add(
          "There is no result.json: the run is still going on, or it was stopped hard. The figures"
              + " come from the iterations logged so far.");
    }
    if (history.torn()) {
      notes.add("The last line of metrics.jsonl broke off while it was written; it is left out.");
    }
    if (history.iterations().isEmpty()) {
      notes.add("No iteration has been logged.");
    }
    return notes;
  }
}
