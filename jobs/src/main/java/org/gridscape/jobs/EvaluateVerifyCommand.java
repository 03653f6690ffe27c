package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.gridscape.config.ConfigException;
import org.gridscape.evaluate.StatisticsFile;
import org.gridscape.features.ExtractorIdentity;
import org.gridscape.features.ExtractorSpec;
import org.gridscape.features.FeatureBatch;
import org.gridscape.features.FeatureExtractor;
import org.gridscape.features.Protocol;
import org.gridscape.features.Raster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks the files that evaluations rely on. */
@Command(
    name = "verify",
    description =
        "Checks statistics files (.npz) and networks (.onnx): what they say, and whether they can be used.",
    footer = {
      "",
      "A network is loaded and sees two images; its SHA-256 is what results quote.",
      "",
      "Example:",
      "  gridscape evaluate verify photos.npz inception.onnx"
    })
final class EvaluateVerifyCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--sha256",
      paramLabel = "HASH",
      description = "What the SHA-256 of the networks must be.")
  private Optional<String> sha256 = Optional.empty();

  @Option(names = "--json", paramLabel = "FILE", description = "Write what was found as JSON too.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Override
  public Integer call() {
    ArrayNode found = RunFolder.JSON.createArrayNode();
    for (String file : files) {
      ObjectNode entry =
          file.toLowerCase(Locale.ROOT).endsWith(".onnx") ? network(file) : statistics(file);
      found.add(entry.put("file", file));
    }
    JsonFile.write(json, found);
    return ExitCode.DONE;
  }

  private static ObjectNode statistics(String file) {
    StatisticsFile read = StatisticsFiles.read(file);
    System.out.printf("%s: %s%n", file, StatisticsFiles.describe(read));
    return StatisticsFiles.json(read);
  }

  private ObjectNode network(String file) {
    try (FeatureExtractor extractor =
        ExtractorSpec.of(file, Protocol.TF_LEGACY, Optional.empty(), sha256, 2, 1).open()) {
      ExtractorIdentity identity = extractor.identity();
      requireFinite(file, extractor.extract(List.of(image(64, 48), image(32, 32))));
      System.out.printf(
          "%s: network %s, SHA-256 %s, %d features, %d classes, %d spatial values%n",
          file,
          identity.name(),
          identity.sha256(),
          identity.dimension(),
          identity.classes(),
          identity.spatialDimension());
      return RunFolder.JSON.<ObjectNode>valueToTree(identity);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A ramp of colours. */
  private static Raster image(int height, int width) {
    byte[] pixels = new byte[3 * height * width];
    IntStream.range(0, pixels.length).forEach(i -> pixels[i] = (byte) (i * 7));
    return new Raster(3, height, width, pixels);
  }

  private static void requireFinite(String file, FeatureBatch batch) {
    for (float[] values : List.of(batch.features(), batch.logits(), batch.spatial())) {
      for (float value : values) {
        if (!Float.isFinite(value)) {
          throw new org.gridscape.features.ExtractorException(
              "Cannot use network %s: it gives %s (must be finite)".formatted(file, value));
        }
      }
    }
  }
}
