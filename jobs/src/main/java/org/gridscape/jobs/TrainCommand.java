package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.ModelState;
import org.gridscape.report.HtmlReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains a model; the same command continues a run that was stopped or killed. */
@Command(
    name = "train",
    description = "Trains a model, or continues a run that was stopped or killed.",
    footer = {
      "",
      "Examples:",
      "  gridscape train --config conf/quickstart.conf --run-id clothes",
      "  gridscape train --set training.iterations=100 --set langevin.steps=10 --dry-run",
      "  gridscape train --config conf/emoji64.conf --set data.source=emoji.zip --master local[2]",
      "",
      "Settings and their defaults: pipeline/src/main/resources/org/gridscape/config/reference.conf"
    })
final class TrainCommand implements Callable<Integer> {
  private static final String NAME = "train";

  @Mixin private final RunOptions options = new RunOptions();

  @Override
  public Integer call() {
    RunConfig config = options.load();
    RunFolder folder = RunFolder.of(options.runs, options.runId("default")).storedBy(config);
    if (options.dryRun) {
      System.out.print(DryRun.describe(config));
      return ExitCode.DONE;
    }
    folder.requireSame(config.resolved());
    if (folder.isComplete(config.update().iterations())) {
      System.out.printf("Run %s is complete: %s%n", folder.runId(), folder.path());
      return ExitCode.DONE;
    }
    folder.claim(config.resolved());
    RunSession.run(folder, NAME, options, spark -> train(spark, config, folder));
    System.out.printf("Report: %s%n", HtmlReport.write(folder.path()));
    return ExitCode.DONE;
  }

  private static ObjectNode train(SparkSession spark, RunConfig config, RunFolder folder) {
    Manifest manifest = PreparedData.open(spark, config.data());
    folder.writeJson(
        "provenance.json", Provenance.of(folder.runId(), NAME, config, manifest, spark));
    TrainingJob job = new TrainingJob(spark, config, folder, manifest, NAME);
    ModelState state = job.run();
    return job.result(state);
  }
}
