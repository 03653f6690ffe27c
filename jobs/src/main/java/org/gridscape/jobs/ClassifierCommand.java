package org.gridscape.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.util.ModelSerializer;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardFile;
import org.gridscape.evaluate.ClassifierTraining;
import org.gridscape.image.ImageBlock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains the classifier whose features measure samples. */
@Command(
    name = "classifier",
    description =
        "Trains the small classifier of the score on a labelled data set with dl4j-spark's parameter averaging.",
    footer = {
      "",
      "Not bitwise reproducible: dl4j-spark adds up in order of arrival.",
      "",
      "Example:",
      "  gridscape classifier --out classifier.zip"
    })
final class ClassifierCommand implements Callable<Integer> {
  @Mixin private final RunOptions options = new RunOptions();

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "DL4J model zip.")
  private Path out = Path.of("classifier.zip");

  @Option(
      names = "--epochs",
      defaultValue = "14",
      description = "Passes over the training images (default: ${DEFAULT-VALUE}).")
  private int epochs = 14;

  @Option(
      names = "--batch",
      defaultValue = "16",
      description = "Images a step of each worker (default: ${DEFAULT-VALUE}).")
  private int batch = 16;

  @Option(
      names = "--averaging",
      defaultValue = "20",
      description = "Steps between two averagings (default: ${DEFAULT-VALUE}).")
  private int averaging = 20;

  @Option(
      names = "--learning-rate",
      defaultValue = "2e-3",
      description = "Of Adam, at the first step (default: ${DEFAULT-VALUE}).")
  private double learningRate = 2e-3;

  @Option(
      names = "--workers",
      defaultValue = "2",
      description = "Copies that are averaged (default: ${DEFAULT-VALUE}).")
  private int workers = 2;

  @Override
  public Integer call() {
    RunConfig config = options.load();
    if (options.dryRun) {
      System.out.print(DryRun.describe(config));
      return ExitCode.DONE;
    }
    try (SparkSession spark = SparkSessions.open(options.master, "classifier")) {
      Manifest manifest = PreparedData.open(spark, config.data());
      ImageBlock training = read(config, manifest.trainShards());
      ImageBlock heldOut = read(config, manifest.heldOutShards());
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      ClassifierTraining.Result result =
          new ClassifierTraining(
                  10, epochs, batch, averaging, learningRate, config.learning().seed())
              .train(context, training, heldOut, workers);
      ModelSerializer.writeModel(result.network(), out.toFile(), false);
      result.network().close();
      System.out.printf(
          java.util.Locale.ROOT,
          "%s: %.1f %% of %d held-out images right%n",
          out,
          100 * result.accuracy(),
          heldOut.count());
      return ExitCode.DONE;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + out + ": " + e.getMessage(), e);
    }
  }

  private static ImageBlock read(RunConfig config, List<Manifest.Shard> shards) {
    List<ImageBlock> blocks = new ArrayList<>();
    shards.forEach(shard -> blocks.add(ShardFile.read(config.data().target(), shard)));
    return ImageBlock.concatenate(blocks);
  }
}
