package org.gridscape.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.gridscape.dataset.DataSettings;
import org.gridscape.distribute.Determinism;
import org.gridscape.distribute.Retention;
import org.gridscape.distribute.TrainingPlan;
import org.gridscape.distribute.UpdateRule;
import org.gridscape.energy.Activation;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.InitialParameters;
import org.gridscape.energy.NetworkSpec;
import org.gridscape.features.ClassifierFeatures;
import org.gridscape.features.ExtractorSpec;
import org.gridscape.features.Protocol;
import org.gridscape.image.ImageFit;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.ChainStart;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.learning.GradientClip;
import org.gridscape.learning.GradientPenalty;
import org.gridscape.learning.LearningRate;
import org.gridscape.learning.LearningSettings;
import org.gridscape.learning.MovingAverage;
import org.gridscape.learning.Optimizer;
import org.gridscape.learning.Sentinel;
import org.gridscape.learning.StepSchedule;
import org.gridscape.pyramid.GridLadder;

/** Reads the settings of a run; {@link RunConfig#of} makes its errors those of a user. */
final class RunConfigReader {
  /** Parts that the interval of a distance is computed from are made of whole cells. */
  private static final int FEWEST_CELLS = 10;

  private RunConfigReader() {}

  static RunConfig read(Config config) {
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
    List<GridNetwork> networks = networks(config, ladder, data.shape());
    LearningSettings learning = learning(config, ladder);
    learning.penalty().requireComputable(networks);
    EngineKind engine = EngineKind.parse(config.getString("training.engine"));
    return new RunConfig(
        config.withValue("training.engine", ConfigValueFactory.fromAnyRef(engine.toString())),
        data,
        networks,
        GeneratorReader.spec(config, networks),
        GeneratorReader.pretraining(config),
        named(config, "energy.initial", InitialParameters.class),
        learning,
        update(config),
        engine,
        batch,
        cellSize,
        new TrainingPlan.SumLimits(
            config.getBytes("training.sum.driverBytes"), config.getInt("training.sum.fanIn")),
        sentinel(config.getConfig("sentinel")),
        checkpoint(config.getConfig("checkpoint")),
        cluster(config.getConfig("cluster")),
        new RunConfig.SamplingSettings(
            config.getInt("sampling.count"),
            (float) config.getDouble("sampling.jitter"),
            config.getString("sampling.steps").equals("auto")
                ? Optional.empty()
                : Optional.of(config.getInt("sampling.steps")),
            config.getLong("sampling.seed"),
            config.getInt("sampling.every"),
            config.getInt("sampling.sheet")),
        evaluation(config.getConfig("evaluation"), data.shape(), cellSize),
        dissipationEvery(config));
  }

  private static int dissipationEvery(Config config) {
    int every = config.getInt("training.dissipationEvery");
    if (every < 0) {
      throw new IllegalArgumentException(
          "Invalid training.dissipationEvery: %d (must be >= 0)".formatted(every));
    }
    return every;
  }

  private static RunConfig.EvaluationSettings evaluation(
      Config config, ImageShape shape, int cellSize) {
    int every = config.getInt("every");
    int samples = config.getInt("samples");
    int fewest = (FEWEST_CELLS - 1) * cellSize + 1;
    if (every > 0 && samples < fewest) {
      throw new IllegalArgumentException(
          "Invalid evaluation.samples: %d (must be >= %d for an interval: %d cells of training.cellSize)"
              .formatted(samples, fewest, FEWEST_CELLS));
    }
    int batch = config.getInt("batch");
    String extractor = config.getString("extractor");
    Optional<ExtractorSpec> spec =
        extractor.equals("auto")
            ? Optional.<ExtractorSpec>of(new ExtractorSpec.ShippedClassifier())
                .filter(classifier -> shape.equals(ClassifierFeatures.INPUT))
            : Optional.of(
                ExtractorSpec.of(
                    extractor,
                    Protocol.of(config.getString("protocol")),
                    given(config, "weights"),
                    given(config, "sha256"),
                    batch,
                    1));
    return new RunConfig.EvaluationSettings(
        every, samples, spec, batch, given(config, "reference"));
  }

  /** A text that stands for something only if it is not empty. */
  static Optional<String> given(Config config, String key) {
    return Optional.of(config.getString(key)).filter(text -> !text.isEmpty());
  }

  private static RunConfig.CheckpointSettings checkpoint(Config config) {
    return new RunConfig.CheckpointSettings(
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
            steps(config),
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
        penalty(config.getConfig("training.penalty"), ladder),
        schedule(config.getConfig("langevin.schedule"), langevin),
        localIterations(config),
        config.getLong("training.seed"),
        0);
  }

  private static GradientPenalty penalty(Config config, GridLadder ladder) {
    List<Double> gammas =
        config.getValue("gamma").valueType() == ConfigValueType.LIST
            ? config.getDoubleList("gamma")
            : Collections.nCopies(ladder.grids(), config.getDouble("gamma"));
    return new GradientPenalty(gammas, config.getDouble("beta"), config.getDouble("last"));
  }

  private static StepSchedule schedule(Config config, LangevinSettings langevin) {
    return new StepSchedule(
        config.getString("last").equals("auto") ? langevin.steps() : config.getInt("last"),
        config.getDouble("hold"));
  }

  /** Iterations as cells count them; what is below 1 is refused elsewhere. */
  private static int localIterations(Config config) {
    int iterations = Math.max(1, config.getInt("training.iterations"));
    int localSteps = Math.max(1, config.getInt("training.localSteps"));
    if ((long) iterations * localSteps > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Invalid training.iterations: %d with training.localSteps %d (must have a product of at most %d)"
              .formatted(iterations, localSteps, Integer.MAX_VALUE));
    }
    return iterations * localSteps;
  }

  private static int steps(Config config) {
    int steps = config.getInt("langevin.steps");
    if (steps < 1 || steps > 0xffff) {
      throw new IllegalArgumentException(
          "Invalid langevin.steps: %d (must be 1 to 65535)".formatted(steps));
    }
    return steps;
  }

  private static UpdateRule update(Config config) {
    return new UpdateRule(
        optimizer(config.getConfig("training.optimizer")),
        rate(config.getConfig("training.learningRate")),
        config.getDouble("generator.rateFactor"),
        clip(config.getConfig("training.clip")),
        new MovingAverage(config.getDouble("training.average")),
        config.getInt("training.iterations"),
        config.getInt("training.localSteps"));
  }

  private static RunConfig.ClusterSettings cluster(Config config) {
    return new RunConfig.ClusterSettings(
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
            limit(config, "gradientNorm"),
            limit(config, "generatorNorm")),
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
        java.util.Arrays.stream(type.getEnumConstants()).map(RunConfigReader::configName).toList();
    throw wrongName(key, name, "one of " + names);
  }

  private static String configName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static IllegalArgumentException wrongName(String key, String name, String rule) {
    return new IllegalArgumentException("Invalid %s: %s (must be %s)".formatted(key, name, rule));
  }
}
