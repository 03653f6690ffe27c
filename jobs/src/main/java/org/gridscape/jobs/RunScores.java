package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.DataException;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.ModelState;
import org.gridscape.distribute.SamplingPlan;
import org.gridscape.evaluate.Evaluation;
import org.gridscape.evaluate.EvaluationResult;
import org.gridscape.evaluate.Extraction;
import org.gridscape.evaluate.ExtractionSettings;
import org.gridscape.evaluate.FeatureSet;
import org.gridscape.evaluate.ImageSet;
import org.gridscape.evaluate.MeasureSettings;
import org.gridscape.evaluate.MeasureSettings.Measure;
import org.gridscape.evaluate.PreparedImages;
import org.gridscape.evaluate.SampledImages;
import org.gridscape.evaluate.Side;
import org.gridscape.evaluate.SourceImages;
import org.gridscape.evaluate.StatisticsFile;
import org.gridscape.features.ExtractorSpec;
import org.gridscape.features.FeatureExtractor;
import org.gridscape.report.SampleScore;
import org.gridscape.storage.Patience;
import org.gridscape.storage.StoreFolder;

/**
 * Measures the samples of one run: their Frechet distance to the training images, or to a
 * statistics file, whose features are taken once.
 *
 * <p>Work lies beside the data set, which driver and executors see, or in the folder of the
 * checkpoints, and is removed in the end.
 */
final class RunScores implements AutoCloseable {
  private static final MeasureSettings MEASURES =
      MeasureSettings.published().only(EnumSet.of(Measure.FID, Measure.INTERVAL));

  /** Features kept one by one: none of the measures asks for any. */
  private static final int FEWEST_ROWS = 2;

  private final JavaSparkContext spark;
  private final RunConfig config;
  private final Manifest manifest;
  private final Patience patience;
  private final ExtractionSettings settings;
  private final Extraction extraction;
  private final StoreFolder parent;
  private final String work;
  private Optional<Side> reference = Optional.empty();

  private RunScores(
      JavaSparkContext spark,
      RunConfig config,
      RunFolder folder,
      Manifest manifest,
      ExtractorSpec extractor) {
    this.spark = spark;
    this.config = config;
    this.manifest = manifest;
    patience = new Patience(config.cluster().storePatience());
    settings = settings(config, extractor);
    String place =
        config.checkpoint().folder().isPresent() ? folder.store() : config.data().target();
    parent = StoreFolder.at(place, patience);
    work = "evaluation-" + folder.runId();
    extraction =
        new Extraction(spark, parent.file(work), patience, settings, (set, done, total) -> {});
  }

  /** Of a run; empty if it has no extractor. */
  static Optional<RunScores> of(
      JavaSparkContext spark, RunConfig config, RunFolder folder, Manifest manifest) {
    return config
        .evaluation()
        .extractor()
        .map(extractor -> new RunScores(spark, config, folder, manifest, extractor));
  }

  private static ExtractionSettings settings(RunConfig config, ExtractorSpec extractor) {
    try (FeatureExtractor opened = extractor.open()) {
      return new ExtractionSettings(
          extractor,
          opened.identity(),
          config.evaluation().batch(),
          FEWEST_ROWS,
          1,
          ExtractionSettings.SEED);
    }
  }

  /** The distance of fresh samples of a state, the same starts and noise at every call. */
  SampleScore score(ModelState state) {
    int count = config.evaluation().samples();
    SamplingPlan plan = SamplingJob.plan(config, manifest, state, count);
    Broadcast<SamplingPlan> broadcast = spark.broadcast(plan);
    try {
      EvaluationResult result =
          compare(new SampledImages("samples", SampledImages.View.FINEST, plan, broadcast));
      double distance = result.frechet().orElseThrow().value();
      return new SampleScore(
          settings.identity().name(),
          count,
          distance,
          result.interval().map(interval -> interval.lower()).orElse(distance),
          result.interval().map(interval -> interval.upper()).orElse(distance));
    } finally {
      broadcast.destroy();
    }
  }

  /**
   * Distances of samples that were written, with the two ends of the scale beside them: the
   * replicated 1x1 images that samples start from, and held-out images.
   *
   * @param samples folder of Parquet files of {@link SamplingJob#write}
   */
  ObjectNode finalScore(ModelState state, String samples) {
    ObjectNode score = RunFolder.JSON.createObjectNode();
    EvaluationResult result = compare(SourceImages.of(samples));
    score.put("extractor", settings.identity().name());
    score.put("samples", result.frechet().orElseThrow().value());
    result
        .interval()
        .ifPresent(interval -> score.put("lower", interval.lower()).put("upper", interval.upper()));
    SamplingPlan plan = SamplingJob.plan(config, manifest, state, config.sampling().count());
    if (plan.start() instanceof SamplingPlan.SampleStart.Colours) {
      Broadcast<SamplingPlan> broadcast = spark.broadcast(plan);
      try {
        ImageSet starts = new SampledImages("starts", SampledImages.View.START, plan, broadcast);
        score.put("starts", compare(starts).frechet().orElseThrow().value());
      } finally {
        broadcast.destroy();
      }
    }
    if (manifest.heldOutCount() > 1) {
      score.put("floor", compare(prepared(Manifest.HELD_OUT)).frechet().orElseThrow().value());
    }
    return score;
  }

  private EvaluationResult compare(ImageSet images) {
    FeatureSet features = extraction.extract(images);
    try {
      return Evaluation.compare(spark, MEASURES, new Side.Images(features), reference());
    } finally {
      features.delete();
    }
  }

  private Side reference() {
    Side side = reference.orElseGet(this::openReference);
    reference = Optional.of(side);
    return side;
  }

  private Side openReference() {
    Optional<String> file = config.evaluation().reference();
    if (file.isPresent()) {
      return statistics(file.get());
    }
    return new Side.Images(extraction.extract(prepared(Manifest.TRAIN)));
  }

  private Side statistics(String path) {
    try {
      StatisticsFile file = StatisticsFile.read(path);
      file.requireComparable(path, settings.identity());
      return new Side.Statistics(path, file);
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException(String.valueOf(e.getMessage()), e);
    }
  }

  private PreparedImages prepared(String split) {
    return new PreparedImages(config.data().target(), manifest, split, patience);
  }

  /** Removes the work folder. */
  @Override
  public void close() {
    parent.delete(work);
  }
}
