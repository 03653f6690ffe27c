package org.gridscape.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import org.gridscape.config.RunConfig;
import org.gridscape.distribute.CheckpointStore;
import org.gridscape.distribute.RunLock;
import org.gridscape.report.RunLog;
import org.gridscape.storage.Patience;
import org.gridscape.storage.StoreException;
import org.gridscape.storage.StoreFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one run and the names of what lies in it.
 *
 * @param runId name of the run
 * @param path the folder
 * @param elsewhere the run's folder in the store of checkpoints, if that is not the same
 */
record RunFolder(String runId, Path path, Optional<StoreFolder> elsewhere) {
  static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);
  static final String PROVENANCE = "provenance.json";
  static final String INIT_FROM = "initFrom";
  private static final String RESULT = "result.json";
  private static final String FOLDER = "checkpoint.folder";
  private static final String ITERATIONS = "training.iterations";
  private static final List<String> FREE_PREFIXES =
      List.of("sampling.", "checkpoint.", "cluster.", "evaluation.");

  static RunFolder of(Path runs, String runId) {
    if (!runId.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new ConfigException(
          "Invalid run id: \"%s\" (must be letters, digits, dots, dashes and underscores)"
              .formatted(runId));
    }
    return new RunFolder(runId, runs.resolve(runId), Optional.empty());
  }

  /** The same with its checkpoints where the configuration wants them. */
  RunFolder storedBy(RunConfig config) {
    Patience patience = new Patience(config.cluster().storePatience());
    return new RunFolder(
        runId,
        path,
        config.checkpoint().folder().map(store -> StoreFolder.at(store, patience).child(runId)));
  }

  /** The folder that holds {@code checkpoints}, any Hadoop path. */
  String store() {
    return elsewhere.map(StoreFolder::toString).orElse(path.toString());
  }

  Path config() {
    return path.resolve("config.resolved.conf");
  }

  String checkpoints() {
    return store() + "/checkpoints";
  }

  /** The checkpoints of the run, whose networks are those of the configuration. */
  CheckpointStore checkpointStore(RunConfig config) {
    return new CheckpointStore(
        checkpoints(),
        config.networks(),
        config.generator(),
        new Patience(config.cluster().storePatience()));
  }

  /**
   * Takes the run's lock.
   *
   * @throws org.gridscape.distribute.RunLockedException if another process works on the run
   */
  RunLock lock(RunConfig config) {
    RunConfig.ClusterSettings cluster = config.cluster();
    return RunLock.take(runId, store(), cluster.lockLease(), new Patience(cluster.storePatience()));
  }

  Path samples() {
    return path.resolve("samples");
  }

  /** All samples of the last sampling, as Parquet. */
  String parquet() {
    return samples().resolve("final").resolve("samples.parquet").toAbsolutePath().toString();
  }

  RunLog log() {
    return new RunLog(path.resolve("metrics.jsonl"));
  }

  /**
   * Makes the folder, or checks that it belongs to the same configuration.
   *
   * @throws ConfigException naming the keys that changed; those of sampling, checkpoints, cluster
   *     and evaluation may, and training.iterations may grow
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

  /** The same, and as many iterations: a longer run has other schedules from its first one. */
  void requireSameCourse(Config config) {
    if (Files.exists(config())) {
      requireSame(read(config()), config, false);
    }
  }

  /**
   * Checks that two configurations learn the same.
   *
   * @param before rendered
   * @throws ConfigException naming the keys that changed; those of sampling, checkpoints, cluster
   *     and evaluation may, and training.iterations may grow
   */
  void requireSame(String before, Config config) {
    requireSame(before, config, true);
  }

  private void requireSame(String before, Config config, boolean mayGrow) {
    List<String> changed =
        ConfigLayers.differingKeys(before, config).stream()
            .filter(key -> FREE_PREFIXES.stream().noneMatch(key::startsWith) || key.equals(FOLDER))
            .filter(key -> !(mayGrow && key.equals(ITERATIONS) && extended(before, config)))
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
    return json(path.resolve(RESULT));
  }

  private static Optional<ObjectNode> json(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of((ObjectNode) JSON.readTree(file.toFile()))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  /** The run whose parameters this one started from, if it did not draw its own. */
  Optional<String> initFrom() {
    return json(path.resolve(PROVENANCE))
        .map(provenance -> provenance.path(INIT_FROM).asText())
        .filter(run -> !run.isEmpty());
  }

  /** Whether training has reached {@code iterations}. */
  boolean isComplete(int iterations) {
    return result()
        .filter(result -> result.path("status").asText().equals("complete"))
        .filter(result -> result.path("iterations").asInt() >= iterations)
        .isPresent();
  }

  /** Writes the result, also beside checkpoints that are elsewhere, if their store lets it. */
  void writeResult(ObjectNode result) {
    writeJson(RESULT, result);
    try {
      elsewhere.ifPresent(store -> store.commit(RESULT, text(result).getBytes(UTF_8)));
    } catch (StoreException e) {
      LOG.warn("{}; it is in {}", e.getMessage(), path.resolve(RESULT));
    }
  }

  void writeJson(String name, ObjectNode json) {
    write(path.resolve(name), text(json));
  }

  private static String text(ObjectNode json) {
    try {
      return JSON.writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("Cannot write JSON: " + e.getMessage(), e);
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
