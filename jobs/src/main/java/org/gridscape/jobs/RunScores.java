package org.gridscape.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.codec.digest.DigestUtils;
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
import org.gridscape.evaluate.ImageSet;
import org.gridscape.evaluate.MeasureSettings;
import org.gridscape.evaluate.MeasureSettings.Measure;
import org.gridscape.evaluate.PreparedImages;
import org.gridscape.evaluate.SampledImages;
import org.gridscape.evaluate.Side;
import org.gridscape.evaluate.SourceImages;
import org.gridscape.evaluate.StatisticsFile;
import org.gridscape.features.ExtractorIdentity;
import org.gridscape.features.ExtractorSpec;
import org.gridscape.features.FeatureExtractor;
import org.gridscape.metrics.Jackknife;
import org.gridscape.report.SampleScore;
import org.gridscape.storage.Patience;
import org.gridscape.storage.StoreException;
import org.gridscape.storage.StoreFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the samples of one run: their Frechet distance to the training images, whose features
 * are taken once, when they are first needed, or to a statistics file, which is read at the start.
 *
 * <p>Work lies in a folder of the data set, which driver and executors see, or in the folder of the
 * checkpoints, and is removed in the end.
 */
final class RunScores implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunScores.class);

  private static final MeasureSettings MEASURES =
      MeasureSettings.published().only(EnumSet.of(Measure.FID, Measure.INTERVAL));

  /** Features kept one by one: none of the measures asks for any. */
  private static final int FEWEST_ROWS = 2;

  private final JavaSparkContext spark;
  private final RunConfig config;
  private final Manifest manifest;
  private final Patience patience;
  private final ExtractionSettings settings;
  private final StoreFolder parent;
  private final String work;
  private final Extraction references;
  private final String judged;
  private final Extraction samples;
  private Optional<Side> reference;

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
    work = workFolder(folder);
    references = extraction(work + "/reference");
    judged = work + "/samples";
    samples = extraction(judged);
    reference = config.evaluation().reference().map(this::statistics);
  }

  /** Runs of the same name in other places may work on the same data set. */
  static String workFolder(RunFolder folder) {
    String place = folder.path().toAbsolutePath().normalize().toString();
    return "evaluation-%s-%s"
        .formatted(folder.runId(), DigestUtils.sha256Hex(place).substring(0, 8));
  }

  private Extraction extraction(String name) {
    return new Extraction(spark, parent.file(name), patience, settings, (set, done, total) -> {});
  }

  /**
   * Of a run; empty if it has no extractor.
   *
   * @throws DataException if the statistics file is missing or of another extractor
   * @throws org.gridscape.features.ExtractorException if the extractor's file cannot be used
   */
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
    SamplingPlan plan = SamplingJob.plan(config, () -> manifest, state, count);
    Broadcast<SamplingPlan> broadcast = spark.broadcast(plan);
    try {
      EvaluationResult result =
          compare(new SampledImages("samples", SampledImages.View.FINEST, plan, broadcast));
      // The configuration wants enough cells for an interval.
      Jackknife interval = result.interval().orElseThrow();
      return new SampleScore(
          extractor(),
          count,
          result.frechet().orElseThrow().value(),
          interval.lower(),
          interval.upper(),
          meanDistance(result));
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
    ObjectNode score = samplesScore(samples);
    SamplingPlan plan = SamplingJob.plan(config, () -> manifest, state, config.sampling().count());
    if (plan.start() instanceof SamplingPlan.SampleStart.Colours) {
      Broadcast<SamplingPlan> broadcast = spark.broadcast(plan);
      try {
        ImageSet starts = new SampledImages("starts", SampledImages.View.START, plan, broadcast);
        score.put("starts", compare(starts).frechet().orElseThrow().value());
      } finally {
        broadcast.destroy();
      }
    }
    heldOut().ifPresent(distance -> score.put("floor", distance));
    return score;
  }

  /**
   * The distance of samples that were written, its interval where they are enough for one, and the
   * Euclidean distance of the mean features.
   *
   * @param samples folder of Parquet files of {@link SamplingJob#write}
   */
  ObjectNode samplesScore(String samples) {
    ObjectNode score = RunFolder.JSON.createObjectNode();
    score.put("extractor", extractor());
    EvaluationResult result = compare(SourceImages.of(samples));
    score.put("samples", result.frechet().orElseThrow().value());
    result
        .interval()
        .ifPresent(found -> score.put("lower", found.lower()).put("upper", found.upper()));
    return score.put("meanDistance", meanDistance(result));
  }

  /** Between the mean features of both sides. */
  private static double meanDistance(EvaluationResult result) {
    return Math.sqrt(result.frechet().orElseThrow().meanTerm());
  }

  /** The distance of held-out images, where there are enough. */
  OptionalDouble heldOut() {
    return manifest.heldOutCount() > 1
        ? OptionalDouble.of(compare(prepared(Manifest.HELD_OUT)).frechet().orElseThrow().value())
        : OptionalDouble.empty();
  }

  /** A {@link #finalScore} in a line. */
  static String text(JsonNode score) {
    List<String> parts = new ArrayList<>();
    String samples = "samples %s".formatted(shown(score, "samples"));
    parts.add(
        score.has("lower")
            ? samples + " (%s to %s)".formatted(shown(score, "lower"), shown(score, "upper"))
            : samples);
    if (score.has("starts")) {
      parts.add("starts " + shown(score, "starts"));
    }
    if (score.has("floor")) {
      parts.add("held-out images " + shown(score, "floor"));
    }
    return "Frechet distance (%s features): %s"
        .formatted(score.path("extractor").asText(), String.join(", ", parts));
  }

  private static String shown(JsonNode score, String key) {
    return String.format(Locale.ROOT, "%.2f", score.path(key).asDouble());
  }

  /** The network and, where it has one, the protocol by which images come to it. */
  String extractor() {
    ExtractorIdentity identity = settings.identity();
    return identity.protocol().isEmpty()
        ? identity.name()
        : "%s (%s)".formatted(identity.name(), identity.protocol());
  }

  private EvaluationResult compare(ImageSet images) {
    try {
      Side.Images side = new Side.Images(samples.extract(images));
      return Evaluation.compare(spark, MEASURES, side, reference());
    } finally {
      discard(judged);
    }
  }

  private Side reference() {
    Side side =
        reference.orElseGet(() -> new Side.Images(references.extract(prepared(Manifest.TRAIN))));
    reference = Optional.of(side);
    return side;
  }

  private Side statistics(String path) {
    StatisticsFile file = StatisticsFiles.read(path);
    StatisticsFiles.checked(() -> file.requireComparable(path, settings.identity()))
        .forEach(LOG::warn);
    return new Side.Statistics(path, file);
  }

  private PreparedImages prepared(String split) {
    return new PreparedImages(config.data().target(), manifest, split, patience);
  }

  /** Removes the work folder. */
  @Override
  public void close() {
    discard(work);
  }

  /** What is left over must not end a run. */
  private void discard(String name) {
    try {
      parent.with(Patience.NONE).delete(name);
    } catch (StoreException e) {
      LOG.warn("Cannot tidy up after an evaluation: {}", e.getMessage());
    }
  }
}
