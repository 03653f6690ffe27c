package org.gridscape.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of one run, read for the report; each may be absent.
 *
 * @param path an existing folder
 */
record RunFiles(Path path) {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern SHEET = Pattern.compile("grid-(\\d{1,9})\\.png");
  private static final Pattern SNAPSHOT = Pattern.compile("iteration-(\\d{1,9})");

  /** Rejects a path that is no folder. */
  RunFiles {
    if (!Files.isDirectory(path)) {
      throw new IllegalArgumentException(
          "Invalid run folder: " + path + " (must be an existing folder)");
    }
  }

  /** The run's name: the folder's. */
  String name() {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }

  /** The resolved configuration, as written. */
  Optional<String> configuration() {
    return bytes("config.resolved.conf").map(text -> new String(text, StandardCharsets.UTF_8));
  }

  /** The object in {@code provenance.json}. */
  Optional<JsonNode> provenance() {
    return object("provenance.json");
  }

  /** The object in {@code result.json}; a run that goes on has none. */
  Optional<JsonNode> result() {
    return object("result.json");
  }

  /** The iterations logged so far. */
  RunHistory history() {
    return new RunLog(path.resolve("metrics.jsonl")).read();
  }

  /** The training snapshots that hold at least one sheet, ascending by iteration. */
  List<Snapshot> snapshots() {
    return children(path.resolve("samples")).stream()
        .flatMap(folder -> number(SNAPSHOT, folder).stream().map(n -> snapshot(folder, n)))
        .filter(snapshot -> !snapshot.sheets().isEmpty())
        .sorted(Comparator.comparingInt(Snapshot::iteration))
        .toList();
  }

  /** The sheets in {@code samples/<name>}, by grid side; empty where the folder is absent. */
  SortedMap<Integer, Path> sheets(String name) {
    return sheetsIn(path.resolve("samples").resolve(name));
  }

  /** A picture in {@code samples/final}, if it is there. */
  Optional<byte[]> finalPicture(String name) {
    return bytes("samples/final/" + name);
  }

  private static Snapshot snapshot(Path folder, int iteration) {
    return new Snapshot(iteration, sheetsIn(folder));
  }

  private static SortedMap<Integer, Path> sheetsIn(Path folder) {
    SortedMap<Integer, Path> sheets = new TreeMap<>();
    for (Path file : children(folder)) {
      number(SHEET, file).ifPresent(side -> sheets.put(side, file));
    }
    return sheets;
  }

  private static Optional<Integer> number(Pattern pattern, Path file) {
    Matcher matcher = pattern.matcher(file.getFileName().toString());
    return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
  }

  private static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder + ": " + e.getMessage(), e);
    }
  }

  private Optional<JsonNode> object(String name) {
    return bytes(name).map(text -> parse(text, path.resolve(name)));
  }

  private static JsonNode parse(byte[] text, Path file) {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (!node.isObject()) {
        throw new IllegalArgumentException("Cannot read " + file + ": not a JSON object");
      }
      return node;
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private Optional<byte[]> bytes(String name) {
    Path file = path.resolve(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
