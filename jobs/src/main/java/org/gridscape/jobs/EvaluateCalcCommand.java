package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.gridscape.config.ConfigException;
import org.gridscape.evaluate.Evaluation;
import org.gridscape.evaluate.EvaluationJson;
import org.gridscape.evaluate.EvaluationResult;
import org.gridscape.evaluate.MeasureSettings;
import org.gridscape.evaluate.MeasureSettings.Measure;
import org.gridscape.evaluate.Side;
import org.gridscape.metrics.NeighbourScores;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures generated images against a reference. */
@Command(
    name = "calc",
    description =
        "Measures generated images against a reference; one pass over the images for all measures.",
    footer = {
      "",
      "GENERATED and REFERENCE are each a folder, .zip, .tar, .tar.gz or .npz (arr_0) of images, Parquet",
      "files, an IDX file, a prepared data set, the folder of a run (samples are drawn from its newest",
      "checkpoint), or a statistics file (.npz with mu and sigma), which gives Frechet distances only.",
      "",
      "A killed evaluation goes on from its finished pieces when the same command is given again.",
      "",
      "Examples:",
      "  gridscape evaluate calc samples.zip photos.npz --weights inception.onnx --json fid.json",
      "  gridscape evaluate calc runs/quickstart prepared/fashion-mnist-10k --extractor classifier",
      "  gridscape evaluate calc samples.zip photos.zip --weights inception.onnx --measures fid,kid"
    })
final class EvaluateCalcCommand implements Callable<Integer> {
  private static final String NAME = "calc";

  @Parameters(index = "0", paramLabel = "GENERATED", description = "What is measured.")
  private String generated = "";

  @Parameters(index = "1", paramLabel = "REFERENCE", description = "What it is measured by.")
  private String reference = "";

  @Option(
      names = "--measures",
      paramLabel = "NAME,...",
      split = ",",
      description =
          "Some of fid, interval, infinity, floor, sfid, kid, is, prc, mind (default: all that the sides can give).")
  private Set<Measure> measures = new LinkedHashSet<>();

  @Option(
      names = "--kid-subsets",
      paramLabel = "N",
      defaultValue = "100",
      description = "Subsets of KID (default: ${DEFAULT-VALUE}).")
  private int kernelSubsets = 100;

  @Option(
      names = "--kid-subset-size",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Images of each (default: ${DEFAULT-VALUE}).")
  private int kernelSubsetSize = 1000;

  @Mixin private final EvaluationOptions options = new EvaluationOptions();

  @Override
  public Integer call() {
    MeasureSettings settings = settings();
    JsonFile.requireWritable(options.json);
    EvaluationSession.run(options, NAME, session -> calculate(session, settings));
    return ExitCode.DONE;
  }

  private MeasureSettings settings() {
    MeasureSettings published = MeasureSettings.published();
    try {
      return new MeasureSettings(
          measures.isEmpty() ? EnumSet.allOf(Measure.class) : measures,
          kernelSubsets,
          kernelSubsetSize,
          published.projections(),
          options.seed);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }

  private ObjectNode calculate(EvaluationSession session, MeasureSettings settings) {
    Side judged = session.side(generated);
    Side judge = session.side(reference);
    if (judged instanceof Side.Statistics && judge instanceof Side.Statistics) {
      throw new ConfigException(
          "Cannot measure images: %s and %s are statistics (use: gridscape evaluate compare)"
              .formatted(generated, reference));
    }
    EvaluationResult result = Evaluation.compare(session.context(), settings, judged, judge);
    ObjectNode json = EvaluationJson.of(result, session.warnings());
    System.out.print(EvaluationText.of(result));
    session.warnings().forEach(warning -> System.out.printf("note: %s%n", warning));
    json.putObject("settings")
        .put("seed", options.seed)
        .put("subsample", options.subsample)
        .put("kid_subsets", settings.kernelSubsets())
        .put("kid_subset_size", settings.kernelSubsetSize())
        .put("isc_splits", options.splits)
        .put("prc_neighbours", NeighbourScores.PRECISION_NEIGHBOURS)
        .put("density_neighbours", NeighbourScores.COVERAGE_NEIGHBOURS)
        .put("projections", settings.projections())
        .put("batch", options.batch);
    JsonFile.write(options.json, json);
    return json;
  }
}
