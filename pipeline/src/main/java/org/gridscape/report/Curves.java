package org.gridscape.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The diagrams of a run: what the page says about each, and the points that its script draws.
 *
 * @param legend one entry a grid, coarse to fine
 * @param panels the diagrams, in the order of the page
 * @param iterations the horizontal axis of all diagrams
 * @param notes sentences on what is missing or left out
 */
record Curves(List<Key> legend, List<Panel> panels, List<Integer> iterations, List<String> notes) {

  /** Most iterations drawn: a line is hardly wider in pixels. */
  static final int MOST_POINTS = 1500;

  /** A grid and the index of its colour. */
  record Key(String label, int colour) {}

  /** One diagram; a sparse one draws lines across iterations without a value. */
  record Panel(
      String id,
      String title,
      String meaning,
      String healthy,
      boolean percent,
      boolean sparse,
      List<Series> series) {

    private boolean some() {
      return series.stream().flatMap(line -> line.values().stream()).anyMatch(Double::isFinite);
    }
  }

  /** One line; values that are not finite stand as text and leave a gap. */
  record Series(String label, int colour, boolean dashed, List<Double> values) {}

  /** Draws the diagnostics of every grid, the learning rate and the time. */
  static Curves of(RunHistory history) {
    List<IterationMetrics> drawn = EvenChoice.of(history.iterations(), MOST_POINTS);
    SortedSet<Integer> sides = new TreeSet<>();
    drawn.forEach(metrics -> metrics.grids().forEach(grid -> sides.add(grid.side())));
    List<Key> legend = new ArrayList<>();
    sides.forEach(side -> legend.add(new Key(Wording.grid(side), legend.size() % 8)));
    List<Panel> panels = new ArrayList<>();
    if (!drawn.isEmpty()) {
      Diagnostic.ALL.stream()
          .map(diagnostic -> panel(diagnostic, drawn, sides))
          .filter(panel -> !panel.sparse() || panel.some())
          .forEach(panels::add);
      if (drawn.stream().anyMatch(metrics -> !metrics.generator().isEmpty())) {
        Stream.of(losses(drawn), codes(drawn)).filter(Panel::some).forEach(panels::add);
      }
      panels.add(learningRate(drawn));
      panels.add(seconds(drawn));
    }
    return new Curves(
        legend,
        panels,
        drawn.stream().map(IterationMetrics::iteration).toList(),
        notes(drawn.size(), history.iterations().size()));
  }

  /** What the page's script reads: the points without the words. */
  Map<String, Object> points() {
    Map<String, Object> points = new LinkedHashMap<>();
    points.put("iterations", iterations);
    points.put("panels", panels);
    return points;
  }

  private static Panel panel(
      Diagnostic diagnostic, List<IterationMetrics> drawn, SortedSet<Integer> sides) {
    List<Series> series = new ArrayList<>();
    int colour = 0;
    for (int side : sides) {
      for (int line = 0; line < diagnostic.lines().size(); line++) {
        ToDoubleFunction<GridMetrics> measure = diagnostic.lines().get(line);
        List<Double> values =
            drawn.stream().map(metrics -> valueAt(metrics, side, measure)).toList();
        series.add(new Series(Wording.grid(side), colour % 8, line > 0, values));
      }
      colour++;
    }
    return new Panel(
        diagnostic.id(),
        diagnostic.title(),
        diagnostic.meaning(),
        diagnostic.healthy(),
        diagnostic.percent(),
        diagnostic.sparse(),
        series);
  }

  private static double valueAt(
      IterationMetrics metrics, int side, ToDoubleFunction<GridMetrics> measure) {
    return metrics.grids().stream()
        .filter(grid -> grid.side() == side)
        .mapToDouble(measure)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static Panel losses(List<IterationMetrics> drawn) {
    return new Panel(
        "generator",
        "Losses of the generator",
        "Mean squared errors of upsampled images (match), of upsampled results of chains (teach),"
            + " of images made of their codes (reconstruct).",
        "fall, then level off.",
        false,
        true,
        List.of(
            loss("match", 0, drawn, GeneratorMetrics::match),
            loss("teach", 1, drawn, GeneratorMetrics::teach),
            loss("reconstruct", 2, drawn, GeneratorMetrics::reconstruct)));
  }

  private static Panel codes(List<IterationMetrics> drawn) {
    return new Panel(
        "codes",
        "Codes",
        "Mean squared error of the codes found in the results of chains (code), and the distance of the"
            + " codes of observed images to N(0, I) (normal).",
        "normal stays within a few hundredths of 0. Code is below 2, which it is where results say"
            + " nothing of the codes they started from.",
        false,
        true,
        List.of(
            loss("code", 0, drawn, GeneratorMetrics::code),
            loss("normal", 1, drawn, GeneratorMetrics::normal)));
  }

  private static Series loss(
      String name,
      int colour,
      List<IterationMetrics> drawn,
      ToDoubleFunction<GeneratorMetrics> loss) {
    return new Series(
        name,
        colour,
        false,
        drawn.stream()
            .map(
                metrics ->
                    metrics.generator().stream().mapToDouble(loss).findFirst().orElse(Double.NaN))
            .toList());
  }

  private static Panel learningRate(List<IterationMetrics> drawn) {
    return single(
        "learning-rate",
        "Learning rate",
        "The optimiser's step, the same for all grids.",
        "follows the schedule of the configuration.",
        drawn.stream().map(IterationMetrics::learningRate).toList());
  }

  private static Panel seconds(List<IterationMetrics> drawn) {
    return single(
        "seconds",
        "Seconds per iteration",
        "Wall time.",
        "level after the first iterations, which warm up. A slow climb points at memory, spikes at"
            + " other work on the machine.",
        drawn.stream().map(IterationMetrics::seconds).toList());
  }

  private static Panel single(
      String id, String title, String meaning, String healthy, List<Double> values) {
    Series series = new Series("", 8, false, values);
    return new Panel(id, title, meaning, healthy, false, false, List.of(series));
  }

  private static List<String> notes(int drawn, int logged) {
    if (logged == 0) {
      return List.of("No iteration has been logged, so there is nothing to draw.");
    }
    if (logged == 1) {
      return List.of("A single iteration has been logged: points, no lines yet.");
    }
    return drawn < logged
        ? List.of("%d of %d iterations are drawn, evenly chosen.".formatted(drawn, logged))
        : List.of();
  }
}
