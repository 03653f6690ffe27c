package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.FusedEngine;

/** Where a run's results come from. */
final class Provenance {
  private Provenance() {}

  static ObjectNode of(
      String runId, String command, RunConfig config, Manifest manifest, SparkSession spark) {
    ObjectNode node = RunFolder.JSON.createObjectNode();
    node.put("runId", runId);
    node.put("command", command);
    node.put("gridscapeVersion", Version.text());
    node.put("commit", commit());
    node.put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
    node.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    node.put("arch", System.getProperty("os.arch"));
    node.put("processors", Runtime.getRuntime().availableProcessors());
    node.put("sparkVersion", spark.version());
    node.put("master", spark.sparkContext().master());
    node.put("engine", config.engine().toString());
    if (config.engine() == EngineKind.FUSED) {
      node.put("oneDnnVersion", FusedEngine.libraryVersion().orElse("none"));
    }
    node.put("seed", config.learning().seed());
    node.put("dataSource", config.data().source());
    node.put("dataFingerprint", manifest.fingerprint());
    node.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return node;
  }

  /** The commit checked out where the launcher lies, or "unknown" for a build from elsewhere. */
  private static String commit() {
    String home = System.getProperty("gridscape.home", ".");
    if (!Files.exists(Path.of(home, ".git"))) {
      return "unknown";
    }
    try {
      Process git =
          new ProcessBuilder("git", "-C", home, "rev-parse", "HEAD")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return text.isEmpty() ? "unknown" : text;
    } catch (IOException e) {
      return "unknown";
    }
  }
}
