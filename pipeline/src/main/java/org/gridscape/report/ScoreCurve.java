package org.gridscape.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The distances of samples in the course of a run.
 *
 * @param iterations those that have a score, ascending
 * @param axis first and last iteration of the run; empty where there is no score
 * @param lines one for each extractor and number of samples, by their first score
 * @param notes sentences on what is left out or does not compare
 */
record ScoreCurve(
    List<Integer> iterations, List<Integer> axis, List<Line> lines, List<String> notes) {

  /** An iteration and its score. */
  record Point(int iteration, SampleScore score) {}

  /** Distances that compare, with intervals and distances of means; NaN where there is none. */
  record Line(
      String label,
      int colour,
      List<Double> values,
      List<Double> lower,
      List<Double> upper,
      List<Double> means) {}

  /** Takes the scores from the log. */
  static ScoreCurve of(RunHistory history) {
    List<Point> all = scored(history);
    if (all.isEmpty()) {
      return new ScoreCurve(List.of(), List.of(), List.of(), List.of());
    }
    List<Point> drawn = EvenChoice.of(all, Curves.MOST_POINTS);
    List<SampleScore> kinds = new ArrayList<>();
    for (Point point : drawn) {
      if (kinds.stream().noneMatch(point.score()::comparesWith)) {
        kinds.add(point.score());
      }
    }
    List<Line> lines = new ArrayList<>();
    kinds.forEach(kind -> lines.add(line(kind, lines.size() % 8, drawn)));
    List<IterationMetrics> logged = history.iterations();
    return new ScoreCurve(
        drawn.stream().map(Point::iteration).toList(),
        List.of(logged.get(0).iteration(), logged.get(logged.size() - 1).iteration()),
        lines,
        notes(drawn.size(), all.size(), lines.size()));
  }

  /** The scores with their iterations, ascending. */
  static List<Point> scored(RunHistory history) {
    return history.iterations().stream()
        .flatMap(m -> m.scores().stream().map(score -> new Point(m.iteration(), score)))
        .toList();
  }

  /** Whether there is a score. */
  boolean some() {
    return !iterations.isEmpty();
  }

  /** Whether there is a distance of means. */
  boolean someMeans() {
    return lines.stream().flatMap(line -> line.means().stream()).anyMatch(Double::isFinite);
  }

  /** What the page's script reads. */
  Map<String, Object> points() {
    Map<String, Object> points = new LinkedHashMap<>();
    points.put("iterations", iterations);
    points.put("axis", axis);
    points.put("lines", lines);
    return points;
  }

  private static Line line(SampleScore kind, int colour, List<Point> drawn) {
    return new Line(
        "%s, %d samples".formatted(kind.extractor(), kind.samples()),
        colour,
        values(kind, drawn, SampleScore::distance),
        values(kind, drawn, SampleScore::lower),
        values(kind, drawn, SampleScore::upper),
        values(kind, drawn, SampleScore::meanDistance));
  }

  private static List<Double> values(
      SampleScore kind, List<Point> drawn, ToDoubleFunction<SampleScore> measure) {
    return drawn.stream()
        .map(
            point ->
                point.score().comparesWith(kind)
                    ? measure.applyAsDouble(point.score())
                    : Double.NaN)
        .toList();
  }

  private static List<String> notes(int drawn, int scored, int lines) {
    List<String> notes = new ArrayList<>();
    if (lines > 1) {
      notes.add("Distances of other features or numbers of samples do not compare.");
    }
    if (drawn < scored) {
      notes.add("%d of %d scores are drawn, evenly chosen.".formatted(drawn, scored));
    }
    return notes;
  }
}
