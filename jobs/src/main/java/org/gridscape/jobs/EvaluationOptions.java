package org.gridscape.jobs;

import java.nio.file.Path;
import java.util.Optional;
import org.gridscape.config.ConfigException;
import org.gridscape.evaluate.ExtractionSettings;
import org.gridscape.features.ExtractorIdentity;
import org.gridscape.features.ExtractorSpec;
import org.gridscape.features.FeatureExtractor;
import org.gridscape.features.Protocol;
import picocli.CommandLine.Option;

/** Options of the commands that take features of images. */
final class EvaluationOptions {
  @Option(
      names = "--extractor",
      paramLabel = "NAME",
      defaultValue = "inception",
      description =
          "Network that sees the images: inception (with --weights), classifier (shipped, for 1x32x32), pixels:CxHxW, or the path of an ONNX file (default: ${DEFAULT-VALUE}).")
  String extractor = "inception";

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "ONNX file of the Inception network, made by notebooks/export_inception.py; any Hadoop path.")
  Optional<String> weights = Optional.empty();

  @Option(
      names = "--weights-sha256",
      paramLabel = "HASH",
      description = "What the SHA-256 of the ONNX file must be.")
  Optional<String> weightsSha256 = Optional.empty();

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      defaultValue = "tf-legacy",
      description =
          "How images are resized for the network: tf-legacy, pytorch-legacy, clean or antialias-bilinear (default: ${DEFAULT-VALUE}).")
  String protocol = "tf-legacy";

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Images the network sees at once (default: ${DEFAULT-VALUE}).")
  int batch = 32;

  @Option(
      names = "--subsample",
      paramLabel = "N",
      defaultValue = "10000",
      description =
          "Images of each side whose features are kept one by one, for KID, precision and the like (default: ${DEFAULT-VALUE}).")
  int subsample = 10_000;

  @Option(
      names = "--isc-splits",
      paramLabel = "N",
      defaultValue = "10",
      description = "Splits of the Inception Score (default: ${DEFAULT-VALUE}).")
  int splits = 10;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "2020",
      description =
          "Of numpy's legacy generator, which draws subsample, subsets and splits as torch-fidelity does (default: ${DEFAULT-VALUE}).")
  int seed = ExtractionSettings.SEED;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "train",
      description =
          "Part of a prepared data set: train, heldout or all (default: ${DEFAULT-VALUE}).")
  String split = "train";

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Samples drawn from a run (default: ${DEFAULT-VALUE}).")
  int samples = 10_000;

  @Option(
      names = "--iteration",
      paramLabel = "N",
      description = "Checkpoint of a run to draw from (default: the newest).")
  Optional<Integer> iteration = Optional.empty();

  @Option(
      names = "--work",
      paramLabel = "DIR",
      defaultValue = "evaluations",
      description =
          "Folder of finished pieces, from which a killed evaluation goes on; all executors must see it (default: ${DEFAULT-VALUE}).")
  String work = "evaluations";

  @Option(
      names = "--keep",
      description = "Keep the features in the work folder: evaluations to come find them there.")
  boolean keep;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark master (default: local[*]; under spark-submit its own).")
  Optional<String> master = Optional.empty();

  @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON too.")
  Optional<Path> json = Optional.empty();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  /**
   * The settings given, checked, the extractor opened once to see that it can be.
   *
   * @throws ConfigException if they are wrong
   */
  ExtractionSettings settings(int threads) {
    try {
      ExtractorSpec spec =
          ExtractorSpec.of(
              extractor.endsWith(".onnx") ? EvaluationSession.located(extractor) : extractor,
              Protocol.of(protocol),
              weights.map(EvaluationSession::located),
              weightsSha256,
              batch,
              threads);
      ExtractorIdentity identity;
      try (FeatureExtractor opened = spec.open()) {
        identity = opened.identity();
      }
      return new ExtractionSettings(spec, identity, batch, subsample, splits, seed);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }
}
