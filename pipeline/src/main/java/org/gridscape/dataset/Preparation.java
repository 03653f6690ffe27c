package org.gridscape.dataset;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.TaskCompletionListener;
import org.gridscape.image.FolderClasses;
import org.gridscape.image.ImageFitting;
import org.gridscape.image.ImageSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a source of images into a data set.
 *
 * <ol>
 *   <li>Every image is decoded and fitted, in parallel; the driver learns ids and rejects only.
 *   <li>The ids are ordered by {@link OrderKey}; the last share is held out, the rest is cut into
 *       shards whose sizes differ by at most one.
 *   <li>Each run is written as one Parquet file, sorted within.
 *   <li>Each file is read back for its digest, statistics and 1x1 colours.
 *   <li>The manifest is written last.
 * </ol>
 *
 * <p>Nothing depends on the number of executors or cores: the same images stand in the same places
 * of the same files on any cluster, and the fingerprint says so. Digests of the files differ
 * between processes, since Parquet lists the encodings of a column in no fixed order. Lives on the
 * driver.
 */
public final class Preparation {
  private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);
  private static final int IMAGES_A_TASK = 4096;
  private static final int REASONS_SHOWN = 5;

  private final JavaSparkContext context;
  private final SparkSession spark;
  private final DataSettings settings;
  private final DataFolder folder;

  private Preparation(SparkSession spark, DataSettings settings, DataFolder folder) {
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.spark = spark;
    this.settings = settings;
    this.folder = folder;
  }

  /**
   * Prepares a data set, or returns the manifest of the one that is there.
   *
   * <p>What an interrupted preparation left is removed first; other files in the folder stay.
   *
   * @throws ChangedSettingsException if the folder holds a data set made with other settings
   * @throws DataException if the source is empty or cannot be read, has fewer training images than
   *     shards, or more images are damaged than allowed
   */
  public static Manifest prepare(SparkSession spark, DataSettings settings) {
    try {
      DataFolder folder = DataFolder.at(settings.target());
      Preparation preparation = new Preparation(spark, settings, folder);
      if (folder.prepared()) {
        Manifest manifest = Manifest.read(settings.target());
        if (preparation.complete(manifest)) {
          LOG.info("already prepared target={}", settings.target());
          return manifest;
        }
      }
      return preparation.run();
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException(
          "Cannot prepare %s from %s: %s"
              .formatted(settings.target(), settings.source(), e.getMessage()),
          e);
    }
  }

  /**
   * Stores images that a program already holds, in place of those stored there before.
   *
   * @param settings whose {@link DataSettings#source} says where the images come from, and is no
   *     source that could be read again; fit and background are of no use here
   * @param images of the settings' shape, the same at every computation, with ids that are unique;
   *     kept in Spark's cache meanwhile
   * @throws DataException if the target holds a data set of another source, there are no images,
   *     fewer than shards, or more rejected ones than allowed
   */
  public static Manifest store(
      SparkSession spark, DataSettings settings, JavaRDD<PreparedImage> images) {
    try {
      DataFolder folder = DataFolder.at(settings.target());
      if (folder.prepared()) {
        requireSource(Manifest.read(settings.target()), settings);
      }
      folder.clear();
      Preparation preparation = new Preparation(spark, settings, folder);
      images.persist(StorageLevel.MEMORY_AND_DISK_SER());
      List<String> names = images.map(PreparedImage::id).collect();
      return preparation.write(images, names, new FolderClasses(List.of()));
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException(
          "Cannot store images in %s: %s".formatted(settings.target(), e.getMessage()), e);
    } finally {
      images.unpersist(true);
    }
  }

  private static void requireSource(Manifest there, DataSettings settings) {
    String source = String.valueOf(there.settings().get("source"));
    if (!source.equals(settings.source())) {
      throw new DataException(
          "Cannot store images in %s: it holds a data set made from %s (choose another folder)"
              .formatted(settings.target(), source));
    }
  }

  private boolean complete(Manifest manifest) throws IOException {
    manifest.requireMadeWith(settings);
    Manifest.ColourTable colours = manifest.colourTable();
    boolean complete = folder.holds(colours.file(), colours.bytes());
    for (Manifest.Shard shard : manifest.shards()) {
      complete &= folder.holds(shard.file(), shard.bytes());
    }
    return complete;
  }

  private Manifest run() throws IOException {
    ImageSource source = ImageSource.of(settings.source());
    List<String> names = source.names();
    requireImages(names);
    // What executors could not open either is found here, before Spark retries it.
    source.open().close();
    folder.clear();
    FolderClasses classes = FolderClasses.of(names);
    JavaRDD<PreparedImage> images = decode(source, names, classes);
    try {
      return write(images, names, classes);
    } finally {
      images.unpersist(true);
    }
  }

  private void requireImages(List<String> names) {
    if (names.isEmpty()) {
      throw new DataException("Cannot prepare %s: no images".formatted(settings.source()));
    }
  }

  private Manifest write(JavaRDD<PreparedImage> images, List<String> names, FolderClasses classes)
      throws IOException {
    requireImages(names);
    boolean finished = false;
    try {
      List<Manifest.Reject> rejects = rejects(images, names.size());
      Runs runs = Runs.cut(order(names, rejects), settings);
      new ShardWriter(spark, settings, folder).write(images, runs);
      Manifest manifest = survey(runs).manifest(classes.names(), names.size(), rejects);
      folder.commit(manifest.toJson());
      finished = true;
      return manifest;
    } finally {
      // Not a catch clause: Spark throws checked exceptions that its methods do not declare.
      if (!finished) {
        folder.clear();
      }
      context.setJobDescription(null);
    }
  }

  private JavaRDD<PreparedImage> decode(
      ImageSource source, List<String> names, FolderClasses classes) {
    int tasks = Math.max(context.defaultParallelism(), names.size() / IMAGES_A_TASK + 1);
    ImageFitting fitting = settings.fitting();
    return context
        .parallelize(names, Math.min(tasks, names.size()))
        .mapPartitions(part -> decode(source, part, fitting, classes))
        // In memory, a million small images filled a heap of 2 GiB.
        .persist(StorageLevel.DISK_ONLY());
  }

  private static Iterator<PreparedImage> decode(
      ImageSource source, Iterator<String> names, ImageFitting fitting, FolderClasses classes)
      throws IOException {
    ImageSource.Reader reader = source.open();
    TaskCompletionListener closing = task -> close(reader);
    TaskContext.get().addTaskCompletionListener(closing);
    return new DecodingIterator(reader, names, fitting, classes);
  }

  private static void close(ImageSource.Reader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      LOG.warn("cannot close source reason={}", e.getMessage());
    }
  }

  private List<Manifest.Reject> rejects(JavaRDD<PreparedImage> images, int total) {
    context.setJobDescription("prepare: decode " + settings.source());
    List<Manifest.Reject> rejects =
        images.flatMap(image -> Preparation.reject(image).iterator()).collect();
    double share = (double) rejects.size() / total;
    if (share > settings.maxRejected() || rejects.size() == total) {
      throw new DataException(
          "Cannot prepare %s: %d of %d images rejected, a share of %s (must be at most %s): %s"
              .formatted(
                  settings.source(),
                  rejects.size(),
                  total,
                  share,
                  settings.maxRejected(),
                  firstReasons(rejects)));
    }
    return rejects;
  }

  private static List<Manifest.Reject> reject(PreparedImage image) {
    return image instanceof PreparedImage.Rejected rejected
        ? List.of(new Manifest.Reject(rejected.id(), rejected.reason()))
        : List.of();
  }

  private static String firstReasons(List<Manifest.Reject> rejects) {
    return rejects.stream()
        .limit(REASONS_SHOWN)
        .map(reject -> reject.id() + " (" + reject.reason() + ")")
        .collect(Collectors.joining(", "));
  }

  private List<OrderKey> order(List<String> names, List<Manifest.Reject> rejects) {
    Set<String> rejected =
        rejects.stream().map(Manifest.Reject::id).collect(Collectors.toUnmodifiableSet());
    return names.stream()
        .filter(name -> !rejected.contains(name))
        .map(name -> OrderKey.of(name, settings.seed()))
        .sorted()
        .toList();
  }

  private DataSurvey survey(Runs runs) {
    context.setJobDescription("prepare: survey " + settings.target());
    String target = folder.toString();
    int channels = settings.shape().channels();
    List<Integer> all = IntStream.range(0, runs.numPartitions()).boxed().toList();
    List<ShardSurvey> surveys =
        context
            .parallelize(all, all.size())
            .map(run -> ShardSurvey.of(target, runs, run, channels))
            .collect();
    return new DataSurvey(folder, settings, surveys);
  }
}
