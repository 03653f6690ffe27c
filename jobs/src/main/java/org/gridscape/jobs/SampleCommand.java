package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.ConfigException;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.distribute.ModelState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Draws new images from the model of a run. */
@Command(
    name = "sample",
    description =
        "Draws new images from the newest checkpoint of a run into its samples/final: sheets, PNG, Parquet, f of each; where chains start from codes, also interpolation.png between codes and reconstruction.png of held-out images.",
    footer = {
      "",
      "Examples:",
      "  gridscape sample --run-id quickstart",
      "  gridscape sample --run-id quickstart --set sampling.count=64 --set sampling.seed=2",
      "  gridscape sample --run-id ggcn --set sampling.steps=0    upsampling alone, no chain"
    })
final class SampleCommand implements Callable<Integer> {
  private static final String NAME = "sample";

  @Mixin private final RunOptions options = new RunOptions();

  @Override
  public Integer call() {
    RunFolder local = RunFolder.of(options.runs, options.runId("default"));
    if (!Files.exists(local.config())) {
      throw new ConfigException(
          "Cannot sample: no run %s in %s (train it first)".formatted(local.runId(), options.runs));
    }
    Config resolved =
        ConfigLayers.load(Optional.of(options.config.orElse(local.config())), options.overrides);
    RunConfig config = RunConfig.of(resolved).located();
    options.computeWith(config.engine());
    if (options.dryRun) {
      System.out.print(DryRun.describe(config));
      return ExitCode.DONE;
    }
    RunFolder folder = local.storedBy(config);
    folder.requireSame(config.resolved());
    RunSession.run(
        folder, NAME, options, config, session -> sample(session.spark(), config, folder));
    System.out.printf("Samples: %s%n", folder.samples().resolve("final"));
    return ExitCode.DONE;
  }

  private static ObjectNode sample(SparkSession spark, RunConfig config, RunFolder folder) {
    ObjectNode result = folder.result().orElseGet(() -> RunResult.complete(folder, NAME));
    ModelState state =
        folder
            .checkpointStore(config)
            .latest()
            .orElseThrow(
                () ->
                    new ConfigException(
                        "Cannot sample: run %s has no whole checkpoint in %s (train it first)"
                            .formatted(folder.runId(), folder.checkpoints())))
            .state();
    try (SamplingJob sampling =
        new SamplingJob(spark, config, folder, () -> PreparedData.open(spark, config.data()))) {
      sampling.write(state);
    }
    // The score was of the images that these replace; an error was of a run that went on.
    result.remove(List.of("score", "error", "exitCode"));
    return result
        .put("status", "complete")
        .put("command", NAME)
        .put("sampledIteration", state.iteration())
        .put("samplesDrawn", config.sampling().count());
  }
}
