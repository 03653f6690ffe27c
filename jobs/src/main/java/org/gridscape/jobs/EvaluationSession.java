package org.gridscape.jobs;

import com.typesafe.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.ConfigException;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.Checkpoint;
import org.gridscape.distribute.SamplingPlan;
import org.gridscape.evaluate.Extraction;
import org.gridscape.evaluate.ExtractionSettings;
import org.gridscape.evaluate.FeatureSet;
import org.gridscape.evaluate.ImageSet;
import org.gridscape.evaluate.PreparedImages;
import org.gridscape.evaluate.SampledImages;
import org.gridscape.evaluate.Side;
import org.gridscape.evaluate.SourceImages;
import org.gridscape.evaluate.StatisticsFile;
import org.gridscape.storage.Patience;
import org.gridscape.storage.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spark with what an evaluation needs: finds out what the words of the command line stand for, and
 * takes features.
 */
final class EvaluationSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluationSession.class);
  private static final Patience PATIENCE = new Patience(Duration.ofMinutes(1));

  private final SparkSession spark;
  private final EvaluationOptions options;
  private final ExtractionSettings settings;
  private final Extraction extraction;
  private final List<FeatureSet> taken = new ArrayList<>();
  private final List<Broadcast<?>> broadcasts = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private EvaluationSession(SparkSession spark, EvaluationOptions options) {
    this.spark = spark;
    this.options = options;
    settings = options.settings(TrainingJob.taskThreads(spark));
    extraction =
        new Extraction(
            context(), located(options.work), PATIENCE, settings, EvaluationSession::tell);
  }

  /**
   * Works on a cluster. What the work leaves must be written when it returns: features are removed
   * then.
   *
   * @throws StoppedException if a signal came meanwhile; what is finished stays in the work folder
   */
  static <T> T run(EvaluationOptions options, String command, Function<EvaluationSession, T> work) {
    try (StopRequest stop = new StopRequest(Optional.empty());
        SparkSession spark = SparkSessions.open(options.master, "evaluate " + command)) {
      stop.cancels(spark.sparkContext());
      try (EvaluationSession session = new EvaluationSession(spark, options)) {
        T result = work.apply(session);
        session.tidy();
        return result;
      } catch (Throwable thrown) {
        // Spark throws checked exceptions that its methods do not declare.
        if (stop.cancelling()) {
          throw new StoppedException("evaluate " + command, thrown);
        }
        throw thrown;
      }
    }
  }

  JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  ExtractionSettings settings() {
    return settings;
  }

  /** What has to be said about the images; in the order found. */
  List<String> warnings() {
    return warnings;
  }

  /** One side of a comparison: statistics if the path is a file of them, else images. */
  Side side(String path) {
    if (!StatisticsFiles.isOne(path)) {
      return new Side.Images(features(path));
    }
    StatisticsFile file = StatisticsFiles.read(path);
    warnings.addAll(
        StatisticsFiles.checked(() -> file.requireComparable(path, settings.identity())));
    return new Side.Statistics(path, file);
  }

  /** The features of what a path stands for: images, a prepared data set or a run. */
  FeatureSet features(String path) {
    ImageSet images = images(path);
    warnings.addAll(images.warnings());
    FeatureSet features = extraction.extract(images);
    taken.add(features);
    return features;
  }

  private ImageSet images(String path) {
    if (Files.exists(Path.of(path).resolve("config.resolved.conf"))) {
      return samples(Path.of(path));
    }
    if (path.contains("://") && path.matches(".*\\.(zip|tar|tgz|tar\\.gz|npz|parquet)")) {
      throw new ConfigException(
          "Cannot evaluate %s: images are read from local paths, the same on every node (only prepared data sets, statistics, weights and --work may lie elsewhere)"
              .formatted(path));
    }
    if (isPrepared(path)) {
      String folder = located(path);
      return new PreparedImages(folder, Manifest.read(folder), options.split, PATIENCE);
    }
    return SourceImages.of(path);
  }

  private static boolean isPrepared(String path) {
    return path.contains("://") || Files.exists(Path.of(path).resolve("manifest.json"));
  }

  private ImageSet samples(Path run) {
    RunFolder local =
        RunFolder.of(
            Optional.ofNullable(run.toAbsolutePath().normalize().getParent()).orElse(run),
            run.toAbsolutePath().normalize().getFileName().toString());
    Config resolved = ConfigLayers.load(Optional.of(local.config()), List.of());
    RunConfig config = RunConfig.of(resolved).located();
    RunFolder folder = local.storedBy(config);
    Checkpoint checkpoint =
        folder
            .checkpointStore(config)
            .latest(i -> options.iteration.isEmpty() || i == options.iteration.get())
            .orElseThrow(
                () ->
                    new ConfigException(
                        "Cannot evaluate run %s: no whole checkpoint%s in %s"
                            .formatted(
                                folder.runId(),
                                options.iteration.map(i -> " of iteration " + i).orElse(""),
                                folder.checkpoints())));
    SamplingPlan plan =
        SamplingJob.plan(
            config,
            () -> PreparedData.open(spark, config.data()),
            checkpoint.state(),
            options.samples);
    Broadcast<SamplingPlan> broadcast = context().broadcast(plan);
    broadcasts.add(broadcast);
    return new SampledImages(
        "%s, iteration %d".formatted(folder.path(), checkpoint.state().iteration()),
        SampledImages.View.FINEST,
        plan,
        broadcast);
  }

  /** A path that means the same on every executor. */
  static String located(String path) {
    return path.contains("://") ? path : Path.of(path).toAbsolutePath().normalize().toString();
  }

  private static void tell(String set, long done, int total) {
    System.err.printf(Locale.ROOT, "%s: %,d of %,d images%n", set, done, total);
  }

  /**
   * Features that nobody wants to find again are removed once there is a result, but not those that
   * someone had kept before; a store that refuses it does not take the result back.
   */
  private void tidy() {
    try {
      taken.stream()
          .filter(features -> !options.keep && !features.wasThere())
          .forEach(FeatureSet::delete);
    } catch (StoreException e) {
      LOG.warn("Cannot tidy {}: {}", options.work, e.getMessage());
    }
  }

  @Override
  public void close() {
    broadcasts.forEach(Broadcast::destroy);
  }
}
