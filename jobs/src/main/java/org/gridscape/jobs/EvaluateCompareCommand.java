package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.gridscape.evaluate.CountNotes;
import org.gridscape.evaluate.EvaluationJson;
import org.gridscape.evaluate.Side;
import org.gridscape.evaluate.StatisticsFile;
import org.gridscape.metrics.FrechetDistance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The Frechet distance of two statistics files. */
@Command(
    name = "compare",
    description =
        "Frechet distance of two statistics files (.npz with mu and sigma), ours or the community's; needs neither Spark nor weights.",
    footer = {
      "",
      "Files that name different extractors, weights or protocols are refused; what a file does not name",
      "is accepted with a note.",
      "",
      "Example:",
      "  gridscape evaluate compare samples.npz photos.npz --json fid.json"
    })
final class EvaluateCompareCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "A.npz", description = "What is measured.")
  private String first = "";

  @Parameters(index = "1", paramLabel = "B.npz", description = "What it is measured by.")
  private String second = "";

  @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON too.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Override
  public Integer call() {
    StatisticsFile generated = StatisticsFiles.read(first);
    StatisticsFile reference = StatisticsFiles.read(second);
    List<String> warnings =
        new ArrayList<>(
            StatisticsFiles.checked(() -> generated.requireComparable(first, reference, second)));
    warnings.addAll(
        CountNotes.of(
            new Side.Statistics(first, generated), new Side.Statistics(second, reference)));
    ObjectNode result = RunFolder.JSON.createObjectNode();
    long start = System.nanoTime();
    compare(generated, reference, result);
    result.set("generated", StatisticsFiles.json(generated).put("name", first));
    result.set("reference", StatisticsFiles.json(reference).put("name", second));
    result.putObject("seconds").put("frechet", (System.nanoTime() - start) * 1e-9);
    warnings.forEach(result.putArray("warnings")::add);
    warnings.forEach(warning -> System.out.printf("note: %s%n", warning));
    JsonFile.write(json, result);
    return ExitCode.DONE;
  }

  private static void compare(
      StatisticsFile generated, StatisticsFile reference, ObjectNode result) {
    FrechetDistance distance = FrechetDistance.between(generated.features(), reference.features());
    EvaluationJson.put(distance, "frechet_inception_distance", "frechet", result);
    System.out.printf(
        Locale.ROOT, "FID (%s): %.6f%n", protocol(generated, reference), distance.value());
    if (generated.spatial().isPresent() && reference.spatial().isPresent()) {
      FrechetDistance spatial =
          FrechetDistance.between(generated.spatial().get(), reference.spatial().get());
      EvaluationJson.put(spatial, "spatial_frechet_inception_distance", "spatial_frechet", result);
      System.out.printf(Locale.ROOT, "sFID: %.6f%n", spatial.value());
    }
  }

  private static String protocol(StatisticsFile generated, StatisticsFile reference) {
    return generated
        .origin()
        .protocol()
        .or(() -> reference.origin().protocol())
        .map(name -> name.isEmpty() ? "images as they are" : name)
        .orElse("unknown protocol");
  }
}
