package org.gridscape.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.gridscape.config.ConfigException;
import org.gridscape.config.ConfigLayers;
import org.gridscape.report.RunLog;

/**
 * The folder of one run and the names of what lies in it.
 *
 * @param runId name of the run
 * @param path the folder
 */
record RunFolder(String runId, Path path) {
  static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String ITERATIONS = "training.iterations";
  private static final List<String> FREE_PREFIXES = List.of("sampling.", "checkpoint.", "cluster.");

  static RunFolder of(Path runs, String runId) {
    if (!runId.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new ConfigException(
          "Invalid run id: \"%s\" (must be letters, digits, dots, dashes and underscores)"
              .formatted(runId));
    }
    return new RunFolder(runId, runs.resolve(runId));
  }

  Path config() {
    return path.resolve("config.resolved.conf");
  }

  Path checkpoints() {
    return path.resolve("checkpoints");
  }

  Path samples() {
    return path.resolve("samples");
  }

  RunLog log() {
    return new RunLog(path.resolve("metrics.jsonl"));
  }

  /**
   * Makes the folder, or checks that it belongs to the same configuration.
   *
   * @throws ConfigException naming the keys that changed; those of sampling, checkpoints and the
   *     cluster may, and training.iterations may grow
   */
  void claim(Config config) {
    requireSame(config);
    write(config(), ConfigLayers.render(config));
  }

  /** Checks that the folder, if there is one, belongs to the same configuration. */
  void requireSame(Config config) {
    if (Files.exists(config())) {
      requireSame(read(config()), config);
    }
  }

  /**
   * Checks that two configurations learn the same.
   *
   * @param before rendered
   * @throws ConfigException naming the keys that changed; those of sampling, checkpoints and the
   *     cluster may, and training.iterations may grow
   */
  void requireSame(String before, Config config) {
    List<String> changed =
        ConfigLayers.differingKeys(before, config).stream()
            .filter(key -> FREE_PREFIXES.stream().noneMatch(key::startsWith))
            .filter(key -> !(key.equals(ITERATIONS) && extended(before, config)))
            .toList();
    if (!changed.isEmpty()) {
      throw new ConfigException(
          "Cannot continue run %s: its configuration had other values of %s (must be the same; choose another --run-id, or delete %s)"
              .formatted(runId, String.join(", ", changed), path));
    }
  }

  private static boolean extended(String before, Config config) {
    return config.getInt(ITERATIONS) > ConfigFactory.parseString(before).getInt(ITERATIONS);
  }

  /** The result of the last command on this run, if there was one. */
  Optional<ObjectNode> result() {
    Path file = path.resolve("result.json");
    try {
      return Files.exists(file)
          ? Optional.of((ObjectNode) JSON.readTree(file.toFile()))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  /** Whether training has reached {@code iterations}. */
  boolean isComplete(int iterations) {
    return result()
        .filter(result -> result.path("status").asText().equals("complete"))
        .filter(result -> result.path("iterations").asInt() >= iterations)
        .isPresent();
  }

  void writeResult(ObjectNode result) {
    writeJson("result.json", result);
  }

  void writeJson(String name, ObjectNode json) {
    try {
      write(path.resolve(name), JSON.writeValueAsString(json) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path.resolve(name), e);
    }
  }

  /** Replaces a file in one step. */
  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
      Files.writeString(temporary, text);
      Files.move(
          temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
