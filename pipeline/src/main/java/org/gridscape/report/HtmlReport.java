package org.gridscape.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One page that shows a run, complete in one file: it loads nothing, images and scripts included.
 *
 * <p>Reads from the run folder, each where present: {@code config.resolved.conf}, {@code
 * provenance.json}, {@code metrics.jsonl}, {@code result.json} and the contact sheets {@code
 * samples/{iteration-N,observed,final}/grid-SIDE.png}. What is absent is named on the page.
 */
public final class HtmlReport {

  private static final String FILE = "report.html";
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.";

  private HtmlReport() {}

  /**
   * Writes {@code report.html} into a run folder, replacing an older one.
   *
   * @return the file written
   * @throws IllegalArgumentException if the folder does not exist or one of its files is malformed
   */
  public static Path write(Path runFolder) {
    RunFiles folder = new RunFiles(runFolder);
    String page =
        Mustache.compiler()
            .strictSections(true)
            .compile(resource("report.html"))
            .execute(model(folder));
    Path file = runFolder.resolve(FILE);
    Path next = runFolder.resolve(FILE + ".next");
    try {
      Files.writeString(next, page);
      return Files.move(
          next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> model(RunFiles folder) {
    RunHistory history = folder.history();
    Optional<JsonNode> result = folder.result();
    Curves curves = Curves.of(history);
    PhaseTimeline timeline = PhaseTimeline.of(history);
    Recoveries recoveries = Recoveries.of(history);
    ScoreCurve scores = ScoreCurve.of(history);
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("name", folder.name());
    model.put("head", KeyFigures.of(result, history));
    model.put("recoveries", recoveries);
    model.put("sheets", SheetGallery.of(folder));
    model.put("scores", scores);
    model.put("curves", curves);
    model.put("time", PhaseShares.of(history));
    model.put("timeline", timeline);
    model.put("points", json(points(curves, scores, timeline, recoveries)));
    model.put("configuration", folder.configuration().stream().toList());
    model.put("result", Facts.flat(result));
    model.put("provenance", Facts.provenance(folder.provenance()));
    model.put("style", resource(UPLOT + "min.css") + resource("report.css"));
    model.put("script", resource(UPLOT + "iife.min.js") + resource("report.js"));
    return model;
  }

  private static Map<String, Object> points(
      Curves curves, ScoreCurve scores, PhaseTimeline timeline, Recoveries recoveries) {
    Map<String, Object> points = curves.points();
    points.put("scores", scores.points());
    points.put("timeline", timeline.points());
    points.put("recoveries", recoveries.iterations());
    return points;
  }

  private static String json(Object value) {
    try {
      // Inside a script element only "<" could end it; JSON has it in strings alone.
      return new ObjectMapper().writeValueAsString(value).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write points: " + e.getOriginalMessage(), e);
    }
  }

  private static String resource(String name) {
    try (InputStream stream = HtmlReport.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("Cannot read resource " + name + ": not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read resource " + name + ": " + e.getMessage(), e);
    }
  }
}
