package org.gridscape.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where the time of each iteration went.
 *
 * @param iterations the iterations drawn, ascending; of neighbours that share a place, the longest
 * @param phases seconds of each phase of each iteration drawn, in the order of the phases
 * @param executors processes that computed each iteration drawn; empty where none is known
 * @param longest the iterations that took much longer than the median, longest first
 * @param notes sentences on what is left out
 */
record PhaseTimeline(
    List<Integer> iterations,
    List<Curves.Series> phases,
    List<Integer> executors,
    List<Outlier> longest,
    List<String> notes) {

  private static final Comparator<IterationMetrics> BY_SECONDS =
      Comparator.comparingDouble(IterationMetrics::seconds);

  private static final int MOST_OUTLIERS = 5;

  /** An iteration counts as long from this many times the median on. */
  private static final double LONG = 1.5;

  /**
   * An iteration that took long.
   *
   * @param times its seconds divided by the median
   * @param cause the phase that exceeds its own median most, and by how much
   * @param executors as a word; "" where not known
   */
  record Outlier(int iteration, String seconds, String times, String cause, String executors) {}

  /** Takes the phases apart; everything is empty where nothing was logged. */
  static PhaseTimeline of(RunHistory history) {
    List<IterationMetrics> all = history.iterations();
    List<IterationMetrics> drawn = longestOfNeighbours(all, Curves.MOST_POINTS);
    List<Curves.Series> phases = new ArrayList<>();
    for (Phase phase : Phase.ALL) {
      List<Double> seconds = drawn.stream().map(m -> phase.seconds().applyAsDouble(m)).toList();
      phases.add(new Curves.Series(phase.name(), phases.size(), false, seconds));
    }
    List<Integer> executors = drawn.stream().map(IterationMetrics::executors).toList();
    return new PhaseTimeline(
        drawn.stream().map(IterationMetrics::iteration).toList(),
        phases,
        executors.stream().allMatch(count -> count == 0) ? List.of() : executors,
        outliers(all),
        notes(drawn.size(), all.size()));
  }

  /** Whether there is anything to draw. */
  boolean measured() {
    return !iterations.isEmpty();
  }

  /** Whether the number of executors is known. */
  boolean counted() {
    return !executors.isEmpty();
  }

  /** Whether iterations took much longer than the median. */
  boolean uneven() {
    return !longest.isEmpty();
  }

  /** What the page's script reads. */
  Map<String, Object> points() {
    Map<String, Object> points = new LinkedHashMap<>();
    points.put("iterations", iterations);
    points.put("phases", phases);
    points.put("executors", executors);
    return points;
  }

  private static List<IterationMetrics> longestOfNeighbours(List<IterationMetrics> all, int limit) {
    int places = Math.min(all.size(), limit);
    return IntStream.range(0, places)
        .mapToObj(place -> all.subList(edge(place, places, all), edge(place + 1, places, all)))
        .flatMap(place -> place.stream().max(BY_SECONDS).stream())
        .toList();
  }

  private static int edge(int place, int places, List<IterationMetrics> all) {
    return (int) ((long) place * all.size() / places);
  }

  private static List<Outlier> outliers(List<IterationMetrics> all) {
    double[] medians = Phase.ALL.stream().mapToDouble(phase -> median(all, phase)).toArray();
    double usual = median(all.stream().mapToDouble(IterationMetrics::seconds).toArray());
    return all.stream()
        .filter(metrics -> usual > 0 && metrics.seconds() >= LONG * usual)
        .sorted(BY_SECONDS.reversed())
        .limit(MOST_OUTLIERS)
        .map(metrics -> outlier(metrics, usual, medians))
        .toList();
  }

  private static Outlier outlier(IterationMetrics metrics, double usual, double[] medians) {
    int worst = 0;
    double excess = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < medians.length; i++) {
      double more = Phase.ALL.get(i).seconds().applyAsDouble(metrics) - medians[i];
      if (more > excess) {
        excess = more;
        worst = i;
      }
    }
    return new Outlier(
        metrics.iteration(),
        Wording.duration(metrics.seconds()),
        Wording.number(metrics.seconds() / usual),
        Phase.ALL.get(worst).name() + " +" + Wording.duration(excess),
        metrics.executors() == 0 ? "" : Integer.toString(metrics.executors()));
  }

  private static double median(List<IterationMetrics> all, Phase phase) {
    return median(all.stream().mapToDouble(phase.seconds()).toArray());
  }

  /** The upper one of two middle values; NaN of nothing. */
  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  private static List<String> notes(int drawn, int logged) {
    return drawn < logged
        ? List.of(
            "%d of %d iterations are drawn: of neighbours the longest, so that no spike is lost."
                .formatted(drawn, logged))
        : List.of();
  }
}
