package org.gridscape.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.gridscape.dataset.DataSettings;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.Determinism;
import org.gridscape.distribute.Retention;
import org.gridscape.distribute.TrainingPlan;
import org.gridscape.distribute.UpdateRule;
import org.gridscape.energy.Activation;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.InitialParameters;
import org.gridscape.energy.NetworkSpec;
import org.gridscape.image.ImageFit;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.ChainStart;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.learning.GradientClip;
import org.gridscape.learning.LearningRate;
import org.gridscape.learning.LearningSettings;
import org.gridscape.learning.MovingAverage;
import org.gridscape.learning.Optimizer;
import org.gridscape.learning.Sentinel;
import org.gridscape.pyramid.GridLadder;
import org.gridscape.storage.Patience;

/**
 * The settings of a run, checked.
 *
 * @param resolved all keys and values
 * @param data what to prepare
 * @param networks one a grid, coarse to fine
 * @param initial how parameters start
 * @param learning how a cell learns
 * @param update what the driver does with the gradient
 * @param engine computes f, chosen here and now where the configuration says {@code auto}
 * @param batch images an iteration
 * @param cellSize images a cell
 * @param sum where the shards' arrays are added up
 * @param sentinel watches the run
 * @param checkpoint when and where the state is saved
 * @param cluster what may change between a run and its continuation
 * @param sampling how new images are drawn and shown
 */
public record RunConfig(
    Config resolved,
    DataSettings data,
    List<GridNetwork> networks,
    InitialParameters initial,
    LearningSettings learning,
    UpdateRule update,
    EngineKind engine,
    int batch,
    int cellSize,
    TrainingPlan.SumLimits sum,
    Sentinel sentinel,
    CheckpointSettings checkpoint,
    ClusterSettings cluster,
    SamplingSettings sampling) {

  /**
   * When and where the state is saved.
   *
   * @param folder of the checkpoints of all runs, any Hadoop path; empty for the run's own folder
   * @param retention when they are written and which are kept
   */
  public record CheckpointSettings(Optional<String> folder, Retention retention) {}

  /**
   * What may change between a run and its continuation: it does not change the result.
   *
   * @param storePatience how long a store of files may fail
   * @param lockLease how long a run's lock holds without being renewed, at least 3 s
   * @param determinism what happens when executors are not alike
   * @param imageCache bytes of images that an executor holds in memory, at least 1 MiB
   */
  public record ClusterSettings(
      Duration storePatience, Duration lockLease, Determinism.Mode determinism, long imageCache) {
    /** Rejects negative patience and leases too short to renew. */
    public ClusterSettings {
      if (storePatience.isNegative()) {
        throw new IllegalArgumentException(
            "Invalid cluster.storePatience: %s (must be >= 0)".formatted(storePatience));
      }
      if (lockLease.toSeconds() < 3) {
        throw new IllegalArgumentException(
            "Invalid cluster.lockLease: %s (must be at least 3 seconds)".formatted(lockLease));
      }
      TrainingPlan.requireImageCache(imageCache);
    }
  }

  /**
   * How new images are drawn and shown.
   *
   * @param count images drawn after training
   * @param jitter deviation on the 1x1 colours, grey levels, 0 to 255
   * @param steps of a chain on each grid, at most 65535; 0 for those of learning
   * @param seed of the images
   * @param every iterations between contact sheets
   * @param sheet images on a contact sheet
   */
  public record SamplingSettings(
      int count, float jitter, int steps, long seed, int every, int sheet) {
    /** Rejects settings that draw nothing. */
    public SamplingSettings {
      requireAtLeastOne("sampling.count", count);
      requireAtLeastOne("sampling.every", every);
      requireAtLeastOne("sampling.sheet", sheet);
      if (steps < 0 || steps > 0xffff) {
        throw new IllegalArgumentException(
            "Invalid sampling.steps: " + steps + " (must be 0 to 65535)");
      }
      if (!(jitter >= 0 && jitter <= 255)) {
        throw new IllegalArgumentException(
            "Invalid sampling.jitter: " + jitter + " (must be 0 to 255)");
      }
    }
  }

  /**
   * Reads and checks every setting.
   *
   * @throws ConfigException if one is of the wrong kind, out of range or contradicts another
   */
  public static RunConfig of(Config config) {
    try {
      return read(config);
    } catch (com.typesafe.config.ConfigException | IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }

  private static RunConfig read(Config config) {
    GridLadder ladder = new GridLadder(config.getIntList("pyramid.sides"));
    DataSettings data = data(config);
    if (data.shape().side() != ladder.topSide()) {
      throw new IllegalArgumentException(
          "Invalid data.side: %d (must be the last of pyramid.sides %s)"
              .formatted(data.shape().side(), ladder.sides()));
    }
    int batch = config.getInt("training.batch");
    int cellSize = config.getInt("training.cellSize");
    TrainingPlan.cellsPerShard(batch, data.shards(), cellSize);
    EngineKind engine = EngineKind.parse(config.getString("training.engine"));
    return new RunConfig(
        config.withValue("training.engine", ConfigValueFactory.fromAnyRef(engine.toString())),
        data,
        networks(config, ladder, data.shape()),
        named(config, "energy.initial", InitialParameters.class),
        learning(config, ladder),
        update(config),
        engine,
        batch,
        cellSize,
        new TrainingPlan.SumLimits(
            config.getBytes("training.sum.driverBytes"), config.getInt("training.sum.fanIn")),
        sentinel(config.getConfig("sentinel")),
        checkpoint(config.getConfig("checkpoint")),
        cluster(config.getConfig("cluster")),
        new SamplingSettings(
            config.getInt("sampling.count"),
            (float) config.getDouble("sampling.jitter"),
            config.getInt("sampling.steps"),
            config.getLong("sampling.seed"),
            config.getInt("sampling.every"),
            config.getInt("sampling.sheet")));
  }

  /** The same with the full path of the data set, which means the same on every executor. */
  public RunConfig located() {
    return withData(data.located());
  }

  /** The same on another data set, of the same shape and as many shards. */
  public RunConfig withData(DataSettings other) {
    return new RunConfig(
        resolved,
        other,
        networks,
        initial,
        learning,
        update,
        engine,
        batch,
        cellSize,
        sum,
        sentinel,
        checkpoint,
        cluster,
        sampling);
  }

  /**
   * The plan of training on a prepared data set.
   *
   * @throws ConfigException if a shard has fewer images than an iteration takes from it
   */
  public TrainingPlan plan(Manifest manifest, int taskThreads) {
    try {
      return new TrainingPlan(
          data.target(),
          manifest.trainShards(),
          networks,
          learning,
          engine,
          cellSize,
          TrainingPlan.cellsPerShard(batch, data.shards(), cellSize),
          taskThreads,
          sum,
          cluster.imageCache(),
          new Patience(cluster.storePatience()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The chains of sampling. */
  public LangevinSettings samplingChains() {
    LangevinSettings chains = learning.langevin();
    return sampling.steps() == 0 ? chains : chains.withSteps(sampling.steps());
  }

  private static CheckpointSettings checkpoint(Config config) {
    return new CheckpointSettings(
        Optional.of(config.getString("folder")).filter(folder -> !folder.equals("auto")),
        new Retention(
            config.getInt("every"),
            config.getInt("keep"),
            config.getInt("keepEvery"),
            config.getBoolean("keepBest")));
  }

  private static DataSettings data(Config config) {
    String source = config.getString("data.source");
    String target = config.getString("data.target");
    int shards = config.getInt("data.shards");
    ImageShape shape = new ImageShape(config.getInt("data.channels"), config.getInt("data.side"));
    return new DataSettings(
        source,
        target.equals("auto")
            ? "prepared/%s-%s-%d".formatted(baseName(source), shape, shards)
            : target,
        shards,
        config.getDouble("data.heldOut"),
        shape,
        named(config, "data.fit", ImageFit.class),
        config.getInt("data.background"),
        config.getDouble("data.maxRejected"),
        config.getLong("data.seed"));
  }

  private static String baseName(String source) {
    String name = source.replaceAll("/+$", "");
    return name.substring(name.lastIndexOf('/') + 1).replaceAll("(\\.gz|\\.zip)$", "");
  }

  private static List<GridNetwork> networks(Config config, GridLadder ladder, ImageShape shape) {
    Activation activation = Activation.parse(config.getString("energy.activation"));
    boolean batchNorm = config.getBoolean("energy.batchNorm");
    return ladder.gridSides().stream()
        .map(
            side -> {
              String key = "energy.networks." + side;
              if (!config.hasPath(key)) {
                throw new IllegalArgumentException(
                    "Missing setting: %s (must name the network of the grid %d of pyramid.sides)"
                        .formatted(key, side));
              }
              NetworkSpec spec = NetworkSpec.parse(config.getString(key), activation, batchNorm);
              return new GridNetwork(spec, shape.withSide(side));
            })
        .toList();
  }

  private static LearningSettings learning(Config config, GridLadder ladder) {
    PixelRange range =
        choose(
            config,
            "langevin.range",
            name ->
                switch (name) {
                  case "signed-unit" -> PixelRange.SIGNED_UNIT;
                  case "bytes" -> PixelRange.BYTES;
                  default -> throw wrongName("langevin.range", name, "signed-unit or bytes");
                });
    String deviation = config.getString("langevin.referenceDeviation");
    LangevinSettings langevin =
        new LangevinSettings(
            config.getInt("langevin.steps"),
            (float) config.getDouble("langevin.stepSize"),
            (float) config.getDouble("langevin.noise"),
            deviation.equals("infinity")
                ? Float.POSITIVE_INFINITY
                : (float) config.getDouble("langevin.referenceDeviation"),
            range);
    return new LearningSettings(
        ladder,
        langevin,
        ChainStart.parse(config.getString("training.start")),
        (float) config.getDouble("training.dataNoise"),
        config.getBoolean("training.flip"),
        (float) config.getDouble("training.energyPenalty"),
        config.getLong("training.seed"),
        0);
  }

  private static UpdateRule update(Config config) {
    return new UpdateRule(
        optimizer(config.getConfig("training.optimizer")),
        rate(config.getConfig("training.learningRate")),
        clip(config.getConfig("training.clip")),
        new MovingAverage(config.getDouble("training.average")),
        config.getInt("training.iterations"),
        config.getInt("training.localSteps"));
  }

  private static ClusterSettings cluster(Config config) {
    return new ClusterSettings(
        config.getDuration("storePatience"),
        config.getDuration("lockLease"),
        named(config, "determinism", Determinism.Mode.class),
        config.getBytes("imageCache"));
  }

  private static Sentinel sentinel(Config config) {
    return new Sentinel(
        new Sentinel.Limits(
            limit(config, "energyGap"),
            limit(config, "gradientStrength"),
            limit(config, "clippedShare"),
            limit(config, "gradientNorm")),
        choose(
            config,
            "remedy",
            name ->
                switch (name) {
                  case "noise-branch" -> new Sentinel.Remedy.NoiseBranch();
                  case "lower-rate" ->
                      new Sentinel.Remedy.LowerRate(config.getDouble("rateFactor"));
                  case "more-steps" -> new Sentinel.Remedy.MoreSteps(config.getInt("extraSteps"));
                  default ->
                      throw wrongName(
                          "sentinel.remedy", name, "noise-branch, lower-rate or more-steps");
                }),
        config.getInt("tries"));
  }

  private static double limit(Config config, String key) {
    return config.getString(key).equals("infinity")
        ? Double.POSITIVE_INFINITY
        : config.getDouble(key);
  }

  private static Optimizer optimizer(Config config) {
    return choose(
        config,
        "method",
        name ->
            switch (name) {
              case "adam" ->
                  new Optimizer.Adam(
                      config.getDouble("beta1"),
                      config.getDouble("beta2"),
                      config.getDouble("epsilon"));
              case "momentum" -> new Optimizer.Momentum(config.getDouble("momentum"));
              case "nesterov" -> new Optimizer.Nesterov(config.getDouble("momentum"));
              default ->
                  throw wrongName("training.optimizer.method", name, "adam, momentum or nesterov");
            });
  }

  private static LearningRate rate(Config config) {
    double rate = config.getDouble("rate");
    return choose(
        config,
        "schedule",
        name ->
            switch (name) {
              case "constant" -> new LearningRate.Constant(rate);
              case "linear" -> new LearningRate.Linear(rate, config.getDouble("last"));
              case "staircase" ->
                  new LearningRate.Staircase(
                      rate, config.getDouble("factor"), config.getInt("every"));
              default ->
                  throw wrongName(
                      "training.learningRate.schedule", name, "constant, linear or staircase");
            });
  }

  private static GradientClip clip(Config config) {
    return choose(
        config,
        "method",
        name ->
            switch (name) {
              case "none" -> new GradientClip.None();
              case "norm" -> new GradientClip.Norm(config.getDouble("bound"));
              case "largest" -> new GradientClip.Largest(config.getDouble("bound"));
              default -> throw wrongName("training.clip.method", name, "none, norm or largest");
            });
  }

  private static <T> T choose(Config config, String key, Function<String, T> choice) {
    return choice.apply(config.getString(key));
  }

  private static <E extends Enum<E>> E named(Config config, String key, Class<E> type) {
    String name = config.getString(key);
    for (E constant : type.getEnumConstants()) {
      if (configName(constant).equals(name)) {
        return constant;
      }
    }
    List<String> names =
        java.util.Arrays.stream(type.getEnumConstants()).map(RunConfig::configName).toList();
    throw wrongName(key, name, "one of " + names);
  }

  private static String configName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static IllegalArgumentException wrongName(String key, String name, String rule) {
    return new IllegalArgumentException("Invalid %s: %s (must be %s)".formatted(key, name, rule));
  }

  private static void requireAtLeastOne(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("Invalid %s: %d (must be >= 1)".formatted(key, value));
    }
  }
}
