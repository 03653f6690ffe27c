package org.gridscape.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The file {@code metrics.jsonl} of a run: one JSON object a line, one line an iteration,
 * ascending.
 *
 * <p>Keys are the component names of {@link IterationMetrics}; unknown keys are skipped, missing
 * ones are errors, except {@code executors}, {@code recoveries}, {@code generator}, {@code scores},
 * a score's {@code meanDistance} and a grid's {@code penalty} and {@code dissipation}, which older
 * logs lack and which then read as 0, as NaN and as empty; empty lists are not written. Numbers
 * read back exactly; values that are not finite stand as the strings "NaN", "Infinity" and
 * "-Infinity". One writer at a time.
 *
 * @param file need not exist; a missing file reads as an empty log
 */
public record RunLog(Path file) {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private record Line(String text, IterationMetrics metrics) {}

  /**
   * Adds one line, in one write.
   *
   * @throws IllegalStateException if the last line broke off; {@link #truncateAfter} mends that
   */
  public void append(IterationMetrics metrics) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (!endsWithNewline()) {
        throw new IllegalStateException(
            "Cannot append to " + file + ": its last line broke off (truncate it first)");
      }
      String line = MAPPER.writeValueAsString(metrics) + "\n";
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot append to " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads every iteration.
   *
   * @throws IllegalArgumentException if a line other than a broken-off last one is no iteration, or
   *     iterations do not ascend; names file and line
   */
  public RunHistory read() {
    List<Line> lines = new ArrayList<>();
    boolean torn = readInto(lines);
    return new RunHistory(lines.stream().map(Line::metrics).toList(), torn);
  }

  /**
   * Drops every line after an iteration, and a last line that broke off, so that a resumed run logs
   * no iteration twice. The file is replaced in one step: a crash leaves the old or the new one.
   *
   * @param iteration the last one kept; 0 empties the log
   */
  public void truncateAfter(int iteration) {
    if (!Files.exists(file)) {
      return;
    }
    List<Line> lines = new ArrayList<>();
    readInto(lines);
    String kept =
        lines.stream()
            .filter(line -> line.metrics().iteration() <= iteration)
            .map(line -> line.text() + "\n")
            .collect(Collectors.joining());
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      Files.writeString(
          next,
          kept,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE,
          StandardOpenOption.SYNC);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot truncate " + file + ": " + e.getMessage(), e);
    }
  }

  private boolean readInto(List<Line> lines) {
    List<String> texts = text().lines().toList();
    for (int i = 0; i < texts.size(); i++) {
      if (texts.get(i).isBlank()) {
        continue;
      }
      try {
        // Parsed to a tree first, which tells a line that broke off from one with wrong content.
        IterationMetrics metrics =
            MAPPER.treeToValue(complete(MAPPER.readTree(texts.get(i))), IterationMetrics.class);
        requireAfter(lines, metrics.iteration(), i + 1);
        lines.add(new Line(texts.get(i), metrics));
      } catch (JsonProcessingException e) {
        boolean syntax = e instanceof StreamReadException;
        if (syntax && i == texts.size() - 1) {
          return true;
        }
        throw new IllegalArgumentException(
            "Cannot read " + file + " line " + (i + 1) + ": " + e.getOriginalMessage(), e);
      }
    }
    return false;
  }

  private static JsonNode complete(JsonNode line) {
    if (line instanceof ObjectNode keys) {
      if (!keys.has("executors")) {
        keys.put("executors", 0);
      }
      for (String list : List.of("recoveries", "generator", "scores")) {
        if (!keys.has(list)) {
          keys.putArray(list);
        }
      }
      keys.path("grids").forEach(RunLog::completeGrid);
      keys.path("scores").forEach(RunLog::completeScore);
    }
    return line;
  }

  private static void completeGrid(JsonNode grid) {
    for (String list : List.of("penalty", "dissipation")) {
      if (grid instanceof ObjectNode keys && !keys.has(list)) {
        keys.putArray(list);
      }
    }
  }

  private static void completeScore(JsonNode score) {
    if (score instanceof ObjectNode keys && !keys.has("meanDistance")) {
      keys.put("meanDistance", Double.NaN);
    }
  }

  private void requireAfter(List<Line> lines, int iteration, int number) {
    int last = lines.isEmpty() ? 0 : lines.get(lines.size() - 1).metrics().iteration();
    if (iteration <= last) {
      throw new IllegalArgumentException(
          "Cannot read %s line %d: Invalid iteration: %d (must be > %d)"
              .formatted(file, number, iteration, last));
    }
  }

  private String text() {
    try {
      // Not Files.readString: a torn line may end inside a character.
      return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private boolean endsWithNewline() throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      return true;
    }
    try (var channel = Files.newByteChannel(file)) {
      var last = ByteBuffer.allocate(1);
      channel.position(channel.size() - 1).read(last);
      return last.get(0) == '\n';
    }
  }
}
