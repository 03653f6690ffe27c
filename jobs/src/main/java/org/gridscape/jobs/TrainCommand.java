package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.gridscape.config.ConfigException;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.Checkpoint;
import org.gridscape.distribute.ModelState;
import org.gridscape.distribute.Parameters;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a model; the same command continues a run that was stopped or killed. */
@Command(
    name = "train",
    description = "Trains a model, or continues a run that was stopped or killed.",
    footer = {
      "",
      "Run again, the same command goes on where the run stands, and does nothing",
      "when it is complete. A larger training.iterations or --until extends it.",
      "",
      "Examples:",
      "  gridscape train --config conf/quickstart.conf --run-id clothes",
      "  gridscape train --set training.iterations=100 --set langevin.steps=10 --dry-run",
      "  gridscape train --config conf/emoji64.conf --set data.source=emoji.zip --master local[2]",
      "  gridscape train --config conf/quickstart.conf --run-id clothes --until 100",
      "  gridscape train --config conf/new.conf --run-id grown --init-from clothes",
      "  gridscape train --config conf/quickstart.conf --run-id nightly --max-wall-time 6h",
      "",
      "Settings and their defaults: pipeline/src/main/resources/org/gridscape/config/reference.conf"
    })
final class TrainCommand implements Callable<Integer> {
  private static final String NAME = "train";

  @Mixin private final RunOptions options = new RunOptions();

  @Option(
      names = "--until",
      paramLabel = "N",
      description =
          "Train up to iteration N, before or after training.iterations, by whose length the"
              + " learning rate and the penalty fall and chains shorten (default: training.iterations).")
  private Optional<Integer> until = Optional.empty();

  @Option(
      names = "--init-from",
      paramLabel = "RUN",
      description =
          "Start a new run from the parameters of another one's newest checkpoint (a run id); the"
              + " networks must be the same, the images need not; where chains start from codes, their"
              + " space is that of the new images.")
  private Optional<String> initFrom = Optional.empty();

  @Override
  public Integer call() {
    RunConfig config = options.load();
    RunFolder folder = RunFolder.of(options.runs, options.runId("default")).storedBy(config);
    int last = until.orElse(config.update().iterations());
    if (last < 1) {
      throw new ConfigException("Invalid --until: %d (must be >= 1)".formatted(last));
    }
    if (options.dryRun) {
      System.out.print(DryRun.describe(config));
      return ExitCode.DONE;
    }
    if (initFrom.isPresent() && config.pretraining().isPresent()) {
      throw new ConfigException(
          "Invalid --init-from: %s (must not be given with generator.pretrain.epochs > 0: a run has one start)"
              .formatted(initFrom.get()));
    }
    folder.requireSame(config.resolved());
    if (folder.isComplete(last)) {
      System.out.printf("Run %s is complete: %s%n", folder.runId(), folder.path());
      return ExitCode.DONE;
    }
    RunSession.run(folder, NAME, options, config, session -> train(session, config, folder, last));
    System.out.printf("Report: %s%n", folder.path().resolve("report.html"));
    return ExitCode.DONE;
  }

  private ObjectNode train(RunSession session, RunConfig config, RunFolder folder, int last) {
    Manifest manifest = PreparedData.open(session.spark(), config.data());
    ObjectNode provenance = Provenance.of(folder.runId(), NAME, config, manifest, session.spark());
    initFrom.or(() -> folder.initFrom()).ifPresent(run -> provenance.put(RunFolder.INIT_FROM, run));
    folder.writeJson(RunFolder.PROVENANCE, provenance);
    TrainingJob job = new TrainingJob(session, config, folder, manifest, NAME);
    ModelState state = job.run(last, () -> initFrom.map(run -> parameters(run, config)));
    return job.result(state);
  }

  private Parameters parameters(String run, RunConfig config) {
    RunFolder source = RunFolder.of(options.runs, run);
    Optional<Checkpoint> checkpoint = Optional.empty();
    if (Files.exists(source.config())) {
      RunConfig theirs =
          RunConfig.of(ConfigLayers.load(Optional.of(source.config()), List.of())).located();
      checkpoint = source.storedBy(theirs).checkpointStore(theirs).latest();
    }
    Parameters first =
        checkpoint
            .map(found -> found.state().parameters())
            .orElseThrow(
                () ->
                    new ConfigException(
                        "Invalid --init-from: %s (must be a run with a checkpoint in %s)"
                            .formatted(run, options.runs)));
    try {
      ModelState.initial(
              config.allNetworks(),
              config.initial(),
              config.update().optimizer(),
              config.learning().seed())
          .startingFrom(first);
      return first;
    } catch (IllegalArgumentException e) {
      throw new ConfigException("Invalid --init-from: %s: %s".formatted(run, e.getMessage()), e);
    }
  }
}
