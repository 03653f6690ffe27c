package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.ModelState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** From nothing to new images in one command. */
@Command(
    name = "quickstart",
    description =
        "Prepares the embedded images, trains, samples, scores and writes the report: minutes on a laptop.",
    footer = {
      "",
      "Examples:",
      "  gridscape quickstart",
      "  gridscape quickstart --set training.iterations=100 --run-id short"
    })
final class QuickstartCommand implements Callable<Integer> {
  private static final String NAME = "quickstart";
  private static final String FILE = "quickstart.conf";

  @Mixin private final RunOptions options = new RunOptions();

  @Override
  public Integer call() {
    String runId = options.runId(NAME);
    if (options.config.isEmpty()) {
      options.config = Optional.of(configuration());
    }
    RunConfig config = options.load();
    RunFolder folder = RunFolder.of(options.runs, runId).storedBy(config);
    if (options.dryRun) {
      System.out.print(DryRun.describe(config));
      return ExitCode.DONE;
    }
    folder.requireSame(config.resolved());
    if (folder.isComplete(config.update().iterations())
        && folder.result().orElseThrow().has("score")) {
      System.out.printf("Run %s is complete: %s%n", runId, folder.path().resolve("report.html"));
      return ExitCode.DONE;
    }
    ObjectNode result =
        RunSession.run(folder, NAME, options, config, session -> run(session, config, folder));
    Path report = folder.path().resolve("report.html");
    if (result.has("score")) {
      System.out.println(RunScores.text(result.path("score")));
    }
    System.out.printf("Images: %s%n", folder.samples().resolve("final"));
    System.out.printf("Report: %s%n", report);
    return ExitCode.DONE;
  }

  /** conf/quickstart.conf, or under spark-submit, which has no such folder, its copy in the jar. */
  private static Path configuration() {
    String home = System.getProperty("gridscape.home", "");
    if (!home.isEmpty()) {
      return Path.of(home, "conf", FILE);
    }
    try (InputStream packaged =
        Objects.requireNonNull(QuickstartCommand.class.getResourceAsStream(FILE), FILE)) {
      Path copy = Files.createTempFile("quickstart", ".conf");
      copy.toFile().deleteOnExit();
      Files.copy(packaged, copy, StandardCopyOption.REPLACE_EXISTING);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot unpack quickstart.conf", e);
    }
  }

  private static ObjectNode run(RunSession session, RunConfig config, RunFolder folder) {
    Manifest manifest = PreparedData.open(session.spark(), config.data());
    folder.writeJson(
        RunFolder.PROVENANCE,
        Provenance.of(folder.runId(), NAME, config, manifest, session.spark()));
    Optional<RunScores> scores = RunScores.of(session.context(), config, folder, manifest);
    try {
      TrainingJob training = new TrainingJob(session, config, folder, manifest, NAME);
      ModelState state = training.run();
      ObjectNode result = training.result(state);
      System.err.printf("Drawing %d new images%n", config.sampling().count());
      try (SamplingJob sampling =
          new SamplingJob(session.spark(), config, folder, () -> manifest)) {
        sampling.write(state);
      }
      scores.ifPresent(opened -> result.set("score", opened.finalScore(state, folder.parquet())));
      return result;
    } finally {
      scores.ifPresent(RunScores::close);
    }
  }
}
