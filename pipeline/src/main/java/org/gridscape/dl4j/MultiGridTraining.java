package org.gridscape.dl4j;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.ConfigException;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.DataSettings;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.Preparation;
import org.gridscape.dataset.PreparedImage;
import org.gridscape.distribute.Determinism;
import org.gridscape.distribute.Learner;
import org.gridscape.distribute.ModelState;
import org.gridscape.distribute.TrainingPlan;
import org.gridscape.energy.NativeThreads;
import org.gridscape.image.PixelRange;
import org.nd4j.linalg.dataset.DataSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a multi-grid model on the images of a program that uses DL4J on Spark.
 *
 * <p>The images are stored as a prepared data set first, in bytes, and training reads that: arrays
 * of ND4J neither travel nor stay in Spark's cache. Equal images in equal order give equal bits,
 * however many partitions the RDD has, on any cluster of one kind of processor. So the RDD must
 * have a fixed order and be the same each time it is computed: one that was shuffled or drawn at
 * random without a seed is not, unless it is cached and nothing of it lost. Labels are not read.
 *
 * <p>Spark must serialise with Java: Kryo cannot read records. No checkpoint is written, so there
 * is nothing that the sentinel could return to: what is not finite ends training. A run that takes
 * days belongs to the command {@code gridscape train}.
 *
 * @param config settings of the run; {@code data.source} and {@code data.target} are not used, the
 *     images must have {@code data.channels} and {@code data.side}
 * @param featureRange pixel range of the features: they are rounded to 256 levels of it
 * @param workFolder any Hadoop path that all executors reach; its folder {@code data} is replaced
 */
public record MultiGridTraining(RunConfig config, PixelRange featureRange, String workFolder) {
  private static final Logger LOG = LoggerFactory.getLogger(MultiGridTraining.class);
  private static final String SOURCE = "JavaRDD<DataSet>";
  private static final String SERIALIZER = "spark.serializer";
  private static final String JAVA_SERIALIZER = "org.apache.spark.serializer.JavaSerializer";

  /** Rejects a blank folder. */
  public MultiGridTraining {
    if (workFolder.isBlank()) {
      throw new IllegalArgumentException("Invalid work folder: blank (must be a path)");
    }
    if (config.generator().isHidden()) {
      throw new ConfigException(
          "Invalid training.start: hidden (must be another start: a program gets the networks of the"
              + " grids alone)");
    }
  }

  /**
   * Stores the images and trains to the last iteration.
   *
   * @param spark the program's context; its cache and broadcasts are left as they were
   * @param examples features [n, channels, side, side], in a fixed order, computed twice; cached by
   *     the program if that is expensive
   * @throws ConfigException if Spark uses another serializer than Java's, or native libraries of
   *     this process may use several threads in local mode
   * @throws org.gridscape.dataset.DataException if an example has another shape, a pixel that is
   *     not in the range, or there are too few, naming the first examples by their number from 0
   * @throws org.gridscape.distribute.DivergedException if training diverges
   */
  public MultiGridModel train(JavaSparkContext spark, JavaRDD<DataSet> examples) {
    requireUsable(spark);
    RunConfig own = config.withData(settings()).located();
    Manifest manifest = store(spark, own.data(), examples);
    TrainingPlan plan = own.plan(manifest, spark.getConf().getInt("spark.task.cpus", 1));
    ModelState state = train(spark, plan);
    return new MultiGridModel(
        own.networks(), featureRange, own.learning().langevin().range(), state);
  }

  /** None may be rejected: the program would not know which are missing. */
  private DataSettings settings() {
    DataSettings data = config.data();
    return new DataSettings(
        SOURCE,
        new Path(workFolder, "data").toString(),
        data.shards(),
        data.heldOut(),
        data.shape(),
        data.fit(),
        data.background(),
        0,
        data.seed());
  }

  private Manifest store(JavaSparkContext spark, DataSettings settings, JavaRDD<DataSet> examples) {
    JavaRDD<PreparedImage> images =
        new FeatureImages(settings.shape(), featureRange).images(examples);
    SparkSession session = SparkSession.builder().config(spark.getConf()).getOrCreate();
    return Preparation.store(session, settings, images);
  }

  private ModelState train(JavaSparkContext spark, TrainingPlan plan) {
    ModelState state =
        ModelState.initial(spark, plan, config.initial(), config.update().optimizer());
    Determinism determinism = new Determinism(config.cluster().determinism(), List.of());
    try (Learner learner = new Learner(spark, plan, config.update(), determinism, 0)) {
      while (state.iteration() < config.update().iterations()) {
        Learner.Step step = learner.next(state);
        state = step.state();
        LOG.info("trained iteration={} seconds={}", state.iteration(), step.report().seconds());
      }
    } finally {
      spark.setJobDescription(null);
    }
    return state;
  }

  private static void requireUsable(JavaSparkContext spark) {
    SparkConf conf = spark.getConf();
    String serializer = conf.get(SERIALIZER, JAVA_SERIALIZER);
    if (!serializer.equals(JAVA_SERIALIZER)) {
      throw new ConfigException(
          "Invalid %s: %s (must be %s, the default, since Kryo cannot read records)"
              .formatted(SERIALIZER, serializer, JAVA_SERIALIZER));
    }
    if (spark.isLocal()) {
      try {
        NativeThreads.requireOne(System.getenv());
      } catch (IllegalStateException e) {
        throw new ConfigException(String.valueOf(e.getMessage()), e);
      }
    }
  }
}
