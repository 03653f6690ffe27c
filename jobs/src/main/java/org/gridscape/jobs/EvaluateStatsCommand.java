package org.gridscape.jobs;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.gridscape.evaluate.FeatureSet;
import org.gridscape.evaluate.Origin;
import org.gridscape.evaluate.StatisticsFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the statistics of images. */
@Command(
    name = "stats",
    description =
        "Takes the features of images and writes mean and covariance as .npz (mu, sigma), which numpy and the community's tools read.",
    footer = {
      "",
      "IMAGES are what calc takes. Beside mu and sigma the file names n, extractor, its SHA-256, protocol",
      "and data set; two such files of parts of a set can be merged.",
      "",
      "Example:",
      "  gridscape evaluate stats photos.zip --out photos.npz --weights inception.onnx"
    })
final class EvaluateStatsCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "IMAGES")
  private String images = "";

  @Option(
      names = "--out",
      paramLabel = "FILE.npz",
      required = true,
      description = "Where to write them; any Hadoop path.")
  private String out = "";

  @Mixin private final EvaluationOptions options = new EvaluationOptions();

  @Override
  public Integer call() {
    JsonFile.requireWritable(options.json);
    StatisticsFile file = EvaluationSession.run(options, "stats", this::statistics);
    System.out.printf("%s: %s%n", out, StatisticsFiles.describe(file));
    JsonFile.write(options.json, StatisticsFiles.json(file));
    return ExitCode.DONE;
  }

  private StatisticsFile statistics(EvaluationSession session) {
    FeatureSet features = session.features(images);
    StatisticsFile file =
        StatisticsFile.of(
            features.moments(),
            features.spatialMoments(),
            Origin.of(
                features.identity(),
                features.name(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
    file.write(out);
    return file;
  }
}
