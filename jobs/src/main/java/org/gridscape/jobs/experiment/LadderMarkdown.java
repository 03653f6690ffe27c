package org.gridscape.jobs.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gridscape.jobs.experiment.LadderResults.RungFacts;
import org.gridscape.jobs.experiment.LadderResults.Share;

/** A ladder for reading: tables, and what their figures are. What is not known yet is a dash. */
public final class LadderMarkdown {
  private final LadderResults results;
  private final StringBuilder text = new StringBuilder();

  private LadderMarkdown(LadderResults results) {
    this.results = results;
  }

  /** Renders results, complete or not. */
  public static String render(LadderResults results) {
    LadderMarkdown markdown = new LadderMarkdown(results);
    markdown.introduction();
    markdown.rungs();
    markdown.runs();
    markdown.divergence();
    markdown.samplingSteps();
    return markdown.text.toString();
  }

  private void introduction() {
    JsonNode settings = results.settings();
    lines(
        "# Ladder",
        "",
        "Measured at %s on %s, %d cores, %s %s; Gridscape %s (commit %s), Java %s, Spark %s (%s), engine %s."
            .formatted(
                text("date"),
                text("processor"),
                settings.path("processors").asInt(),
                text("os"),
                text("arch"),
                text("gridscapeVersion"),
                text("commit"),
                text("java"),
                text("sparkVersion"),
                text("master"),
                text("engine")),
        "Data: %s, %d images of %s for training, batch %d, grids %s; seeds %s."
            .formatted(
                text("dataSource"),
                settings.path("trainingImages").asInt(),
                text("shape"),
                settings.path("batch").asInt(),
                text("grids"),
                text("seeds")),
        "",
        "* distance: Frechet distance between the features of %d fresh samples of a run and those of %s, by %s;"
            .formatted(settings.path("samples").asInt(), text("reference"), text("extractor")),
        "  in brackets its 95 % interval (jackknife over groups of samples). The smaller the better.",
        "  Held-out images have the distance %s."
            .formatted(number(settings.path("heldOut").asDouble(Double.NaN))),
        "* R: |mean f of observed - mean f of synthesized images| on the finest grid, mean over the last tenth of",
        "  the iterations; R / std: over the deviation of f over observed images; R in features: Euclidean distance",
        "  of the mean features of samples and training images; largest R: of a single iteration of the run.",
        "* Equal compute is meant of the chains: all rungs take equally many Langevin steps on the same grids. What",
        "  the penalty and the generator's networks compute beside that is in the seconds, not evened out.",
        "* s an iteration: median over the iterations of a run. Langevin steps an image: in an iteration, all grids",
        "  together.",
        "* in steps: of the chains on each grid whose results are measured, as many as those that learning ends with.",
        "* seeds: those with a distance, of all. Over the runs that came to their end: mean and, after +-, sample",
        "  deviation.",
        "");
  }

  private void rungs() {
    lines("## Rungs", "");
    row(
        "rung",
        "seeds",
        "distance",
        "in steps",
        "R",
        "R / std",
        "R in features",
        "s an iteration",
        "s a run",
        "iterations",
        "langevin steps an image",
        "sheet");
    rule(12);
    for (RungFacts rung : results.rungs()) {
      List<LadderRun> all = results.runsOf(rung);
      List<LadderRun> whole = results.wholeRunsOf(rung);
      row(
          rung.name(),
          "%d of %d".formatted(scores(whole).count(), all.size()),
          spread(scores(whole), Score::distance),
          Integer.toString(rung.samplingSteps()),
          spread(finest(whole), GridResponse::distance),
          spread(finest(whole), GridResponse::perDeviation),
          spread(scores(whole), Score::meanDistance),
          spread(whole, LadderRun::secondsPerIteration),
          spread(whole, LadderRun::seconds),
          Integer.toString(rung.iterations()),
          number(rung.stepsAnImage()),
          all.isEmpty() ? "-" : "[%1$s](sheet-%1$s.png)".formatted(rung.name()));
    }
    lines("");
  }

  private void runs() {
    lines("## Runs", "");
    row(
        "run",
        "distance",
        "R in features",
        "R",
        "R / std",
        "largest R",
        "s an iteration",
        "alarms",
        "remark");
    rule(9);
    for (LadderRun run : results.runs()) {
      Optional<GridResponse> response = finest(List.of(run)).findFirst();
      row(
          run.runId(),
          distance(run.score()),
          run.score().stream().map(score -> number(score.meanDistance())).findFirst().orElse("-"),
          response.map(found -> number(found.distance())).orElse("-"),
          response.map(found -> number(found.perDeviation())).orElse("-"),
          response.map(found -> number(found.largest())).orElse("-"),
          number(run.secondsPerIteration()),
          Integer.toString(run.alarms()),
          run.remark());
    }
    lines("");
  }

  private void divergence() {
    List<Double> rates = new ArrayList<>();
    results.settings().path("rates").forEach(rate -> rates.add(rate.asDouble()));
    lines(
        "## Runs that diverge",
        "",
        "A run diverges when its sentinel raises an alarm or something is not finite. At the rate x1 these are the",
        "runs above, at the others their first %d iterations. In brackets how far energies swing: the largest R of a"
            .formatted(results.settings().path("divergenceIterations").asInt()),
        "single iteration of any of them, those left out that an alarm undid.",
        "");
    row(
        Stream.concat(Stream.of("rung"), rates.stream().map(rate -> "x" + LadderPlan.plain(rate)))
            .toArray(String[]::new));
    rule(1 + rates.size());
    for (RungFacts rung : results.rungs()) {
      row(
          Stream.concat(
                  Stream.of(rung.name()),
                  rates.stream().map(rate -> share(results.diverged(rung, rate))))
              .toArray(String[]::new));
    }
    lines("");
  }

  private static String share(Share share) {
    if (share.all() == 0) {
      return "-";
    }
    String counted = "%d of %d".formatted(share.some(), share.all());
    return share.largest().isEmpty()
        ? counted
        : "%s (%s)".formatted(counted, number(share.largest().getAsDouble()));
  }

  private void samplingSteps() {
    lines(
        "## Quality against steps of sampling",
        "",
        "Samples of the runs of the first seed by chains of so many steps on each grid; images a second are those",
        "drawn, with writing and measuring left out.",
        "");
    row("rung", "steps", "distance", "R in features", "images a second", "remark");
    rule(6);
    for (SteppedSamples samples : results.samplingSteps()) {
      row(
          samples.rung(),
          Integer.toString(samples.steps()),
          distance(samples.score()),
          samples.score().stream()
              .map(score -> number(score.meanDistance()))
              .findFirst()
              .orElse("-"),
          number(samples.imagesPerSecond()),
          samples.remark());
    }
  }

  private static Stream<Score> scores(List<LadderRun> runs) {
    return runs.stream().flatMap(run -> run.score().stream());
  }

  private static Stream<GridResponse> finest(List<LadderRun> runs) {
    return runs.stream()
        .filter(run -> !run.responses().isEmpty())
        .map(run -> run.responses().get(run.responses().size() - 1));
  }

  private static <T> String spread(List<T> things, ToDoubleFunction<T> measure) {
    return spread(things.stream(), measure);
  }

  private static <T> String spread(Stream<T> things, ToDoubleFunction<T> measure) {
    Summary summary = Summary.of(things.mapToDouble(measure));
    return summary.count() < 2
        ? number(summary.mean())
        : "%s +- %s".formatted(number(summary.mean()), number(summary.deviation()));
  }

  private static String distance(List<Score> scores) {
    return scores.stream()
        .map(
            score ->
                Double.isNaN(score.lower())
                    ? number(score.distance())
                    : "%s (%s to %s)"
                        .formatted(
                            number(score.distance()), number(score.lower()), number(score.upper())))
        .findFirst()
        .orElse("-");
  }

  /** Three significant digits, and no fewer before the point. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "-" : Double.toString(value);
    }
    int whole = value == 0 ? 1 : (int) Math.floor(Math.log10(Math.abs(value))) + 1;
    int decimals = Math.max(0, Math.min(6, 3 - whole));
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  private String text(String key) {
    return results.settings().path(key).asText();
  }

  private void row(String... cells) {
    text.append(Stream.of(cells).collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  private void rule(int columns) {
    row(Stream.generate(() -> "---").limit(columns).toArray(String[]::new));
  }

  private void lines(String... lines) {
    for (String line : lines) {
      text.append(line).append('\n');
    }
  }
}
