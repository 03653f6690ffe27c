package org.gridscape.jobs;

import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.Preparation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Decodes images into a prepared data set. */
@Command(
    name = "prepare",
    description =
        "Decodes an image set into Parquet shards and a manifest, once; training reads only these.",
    footer = {
      "",
      "Examples:",
      "  gridscape prepare --set data.source=photos.zip --set data.fit=crop --set data.channels=3",
      "  gridscape prepare --config conf/emoji64.conf --set data.source=emoji.zip"
    })
final class PrepareCommand implements Callable<Integer> {
  @Mixin private final RunOptions options = new RunOptions();

  @Override
  public Integer call() {
    RunConfig config = options.load();
    if (options.dryRun) {
      System.out.print(DryRun.describe(config));
      return ExitCode.DONE;
    }
    try (SparkSession spark =
        SparkSessions.open(options.master, "prepare " + config.data().target())) {
      Manifest manifest = Preparation.prepare(spark, config.data());
      System.out.printf(
          "%s: %d training and %d held-out images of %s in %d shards, %d rejected%n",
          config.data().target(),
          manifest.trainCount(),
          manifest.heldOutCount(),
          manifest.shape(),
          manifest.trainShards().size(),
          manifest.rejects().size());
      manifest
          .rejects()
          .forEach(
              reject -> System.out.printf("  rejected %s: %s%n", reject.id(), reject.reason()));
      return ExitCode.DONE;
    }
  }
}
