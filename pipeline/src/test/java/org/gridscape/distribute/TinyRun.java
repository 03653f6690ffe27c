package org.gridscape.distribute;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.dataset.DataSettings;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.Preparation;
import org.gridscape.energy.Activation;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.InitialParameters;
import org.gridscape.energy.MapNetwork;
import org.gridscape.energy.NetworkSpec;
import org.gridscape.generator.GeneratorLosses;
import org.gridscape.generator.GeneratorSpec;
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
import org.gridscape.learning.StepSchedule;
import org.gridscape.pyramid.GridLadder;
import org.gridscape.storage.Patience;

/** 44 drawn images of 8x8 in four shards, and a small model that learns them. */
final class TinyRun {
  static final int SHARDS = 4;
  static final int CELLS_PER_SHARD = 2;
  static final int CELL = 4;
  static final long SEED = 11;
  static final long IMAGE_CACHE = 1 << 20;
  static final Patience PATIENCE = new Patience(Duration.ZERO);
  static final GridLadder LADDER = new GridLadder(List.of(1, 4, 8));
  static final Optimizer OPTIMIZER = new Optimizer.Adam(0.9, 0.999, 1e-8);
  static final UpdateRule RULE = rule(OPTIMIZER, 1e-3);
  static final TrainingPlan.SumLimits SUM = new TrainingPlan.SumLimits(1 << 20, 2);
  private static final int IMAGES = 44;

  private TinyRun() {}

  /** A session that uses no port but its own. */
  static SparkSession session(String master) {
    return SparkSession.builder()
        .master(master)
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate();
  }

  static JavaSparkContext context(SparkSession session) {
    return JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  /** Draws the images and prepares them in {@code folder}. */
  static Manifest prepare(SparkSession session, Path folder) throws IOException {
    Path source = Files.createDirectory(folder.resolve("images"));
    for (int i = 0; i < IMAGES; i++) {
      ImageIO.write(drawn(i), "png", source.resolve("image-%02d.png".formatted(i)).toFile());
    }
    return Preparation.prepare(
        session,
        new DataSettings(
            source.toString(),
            target(folder),
            SHARDS,
            0,
            new ImageShape(1, 8),
            ImageFit.RESIZE,
            0,
            0,
            5L));
  }

  static String target(Path folder) {
    return folder.resolve("prepared").toString();
  }

  private static BufferedImage drawn(int number) {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    for (int p = 0; p < 64; p++) {
      int level = p % 8 < number % 7 + 1 ? 250 - 3 * number : 20 + number + p / 8;
      image.getRaster().setSample(p % 8, p / 8, 0, level);
    }
    return image;
  }

  static List<GridNetwork> networks(String layers, String activation, boolean batchNorm) {
    NetworkSpec spec = NetworkSpec.parse(layers, Activation.parse(activation), batchNorm);
    return LADDER.gridSides().stream()
        .map(side -> new GridNetwork(spec, new ImageShape(1, side)))
        .toList();
  }

  static List<GridNetwork> networks() {
    return networks("3x3-8, dense 1", "leaky-relu(0.2)", false);
  }

  static LearningSettings learning(ChainStart start, int steps) {
    LangevinSettings langevin =
        new LangevinSettings(steps, 1f, 0.02f, Float.POSITIVE_INFINITY, PixelRange.SIGNED_UNIT);
    return new LearningSettings(
        LADDER,
        langevin,
        start,
        0.03f,
        true,
        0.01f,
        GradientPenalty.none(LADDER.grids()),
        new StepSchedule(langevin.steps(), 1),
        100,
        SEED,
        0);
  }

  /** Chains from anywhere but codes. */
  static TrainingPlan plan(
      String folder, Manifest manifest, List<GridNetwork> networks, ChainStart start, int threads) {
    return new TrainingPlan(
        folder,
        manifest.trainShards(),
        networks,
        GeneratorSpec.NONE,
        learning(start, 3),
        ChosenEngine.kind(),
        CELL,
        CELLS_PER_SHARD,
        threads,
        SUM,
        IMAGE_CACHE,
        PATIENCE);
  }

  /** Everything that learns: penalty, codes, upsamplers, encoder, all losses, fewer steps. */
  static TrainingPlan ggcn(String folder, Manifest manifest, int threads) {
    TrainingPlan plan = plan(folder, manifest, networks(), new ChainStart.Data(), threads);
    LearningSettings learning = learning(new ChainStart.Hidden(), 3);
    return new TrainingPlan(
        plan.dataFolder(),
        plan.shards(),
        plan.networks(),
        generator(plan.networks()),
        new LearningSettings(
            LADDER,
            learning.langevin(),
            learning.start(),
            learning.dataNoise(),
            learning.flip(),
            0,
            new GradientPenalty(List.of(0.1, 0.2), 0.5, 0.1),
            new StepSchedule(1, 0),
            3,
            SEED,
            0),
        plan.engine(),
        plan.cellSize(),
        plan.cellsPerShard(),
        plan.taskThreads(),
        plan.sum(),
        plan.imageCache(),
        plan.patience());
  }

  private static GeneratorSpec generator(List<GridNetwork> networks) {
    Activation activation = new Activation.LeakyRelu(0.2);
    ImageShape top = networks.get(1).shape();
    return new GeneratorSpec(
        2,
        networks.stream()
            .map(
                network ->
                    MapNetwork.parse(
                        "generator.upsampler",
                        "3x3-4, 3x3-image",
                        "image",
                        "upsampler-" + network.shape().side(),
                        activation,
                        network.shape(),
                        network.shape()))
            .toList(),
        List.of(
            MapNetwork.parse(
                "generator.encoder",
                "3x3/2-4, 3x3/2-4, 3x3-code",
                "code",
                "encoder",
                activation,
                top,
                top.withSide(2))),
        new GeneratorLosses(1, 1, 0.3, 1, 0.1, 0.01));
  }

  static UpdateRule rule(Optimizer optimizer, double rate) {
    return rule(optimizer, rate, 0);
  }

  static UpdateRule rule(Optimizer optimizer, double rate, int localSteps) {
    return new UpdateRule(
        optimizer,
        new LearningRate.Linear(rate, 0.1),
        0.5,
        new GradientClip.None(),
        new MovingAverage(0.9),
        3,
        localSteps);
  }

  static ModelState initial(TrainingPlan plan) {
    return ModelState.initial(plan.networks(), InitialParameters.FAN_IN_UNIFORM, OPTIMIZER, SEED);
  }

  /** The same with the hidden space, where chains start from codes. */
  static ModelState initial(JavaSparkContext spark, TrainingPlan plan) {
    return ModelState.initial(spark, plan, InitialParameters.FAN_IN_UNIFORM, OPTIMIZER);
  }

  /** The state after {@code iterations} more. */
  static ModelState train(
      JavaSparkContext spark, TrainingPlan plan, ModelState from, int iterations) {
    return train(spark, plan, RULE, from, iterations);
  }

  /** The same under another rule. */
  static ModelState train(
      JavaSparkContext spark, TrainingPlan plan, UpdateRule rule, ModelState from, int iterations) {
    ModelState state = from;
    try (Learner learner = new Learner(spark, plan, rule)) {
      for (int i = 0; i < iterations; i++) {
        state = learner.next(state).state();
      }
    }
    return state;
  }
}
