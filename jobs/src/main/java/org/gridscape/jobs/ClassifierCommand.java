package org.gridscape.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.util.ModelSerializer;
import org.gridscape.config.ConfigException;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.features.AveragedTraining;
import org.gridscape.features.ClassifierTraining;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a classifier such as the one whose features measure samples. */
@Command(
    name = "classifier",
    description =
        "Trains a small classifier, as the score uses one, on a labelled data set with dl4j-spark's parameter averaging.",
    footer = {
      "",
      "Labels come from the IDX file of labels beside one of images, or from the names of the",
      "folders that the images lie in. As many classes as there are labels; images are grey or",
      "colour, with a side of at least 8. Not bitwise reproducible: dl4j-spark adds up in order of",
      "arrival.",
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
    ClassifierTraining training = training(config);
    if (options.dryRun) {
      System.out.print(DryRun.describe(config));
      return ExitCode.DONE;
    }
    requireFolder(out);
    try (SparkSession spark = SparkSessions.open(options.master, "classifier")) {
      Manifest manifest = PreparedData.open(spark, config.data());
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      ClassifierTraining.Result result = training.train(context, config.data().target(), manifest);
      ModelSerializer.writeModel(result.network(), out.toFile(), false);
      result.network().close();
      System.out.printf(
          Locale.ROOT,
          "%s: %.1f %% of %d held-out images right, %d classes%s%n",
          out,
          100 * result.accuracy(),
          manifest.heldOutCount(),
          result.classes(),
          manifest.classes().isEmpty() ? "" : " " + manifest.classes());
      return ExitCode.DONE;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + out + ": " + e.getMessage(), e);
    }
  }

  private ClassifierTraining training(RunConfig config) {
    try {
      return new ClassifierTraining(
          new AveragedTraining(
              epochs, batch, averaging, learningRate, workers, config.learning().seed()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Better now than after the training. */
  private static void requireFolder(Path file) {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    if (!Files.isWritable(folder)) {
      throw new ConfigException(
          "Cannot write %s: %s is no folder that can be written to".formatted(file, folder));
    }
  }
}
