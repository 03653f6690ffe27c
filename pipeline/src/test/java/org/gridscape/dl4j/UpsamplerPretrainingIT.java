package org.gridscape.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.gridscape.energy.Activation;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.InitialParameters;
import org.gridscape.energy.MapEngine;
import org.gridscape.energy.MapNetwork;
import org.gridscape.energy.NetworkSpec.Convolution;
import org.gridscape.features.AveragedTraining;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.noise.NoiseStream;
import org.gridscape.pyramid.GridLadder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UpsamplerPretrainingIT {
  private static final UpsamplerPretraining SHORT =
      new UpsamplerPretraining(new AveragedTraining(8, 8, 4, 0.01, 2, 5), 2);
  private static final List<MapNetwork> UPSAMPLERS = List.of(upsampler(1, 4), upsampler(1, 8));

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("upsamplers")
                .set("spark.ui.enabled", "false"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void correctsReplicationOnEveryGridAndLeavesTheCacheAsItWas() {
    JavaRDD<ImageBatch> images = spark.parallelize(waves(1, 16, 4, 32), 2).cache();
    List<float[]> initial = initial(UPSAMPLERS);
    List<float[]> before = initial.stream().map(float[]::clone).toList();
    List<float[]> trained = SHORT.train(spark, images, UPSAMPLERS, initial);
    assertThat(spark.getPersistentRDDs()).containsOnlyKeys(images.id());
    images.unpersist();
    ImageBatch unseen = waves(1, 16, 9, 64).get(8);
    int below = 2;
    for (int i = 0; i < UPSAMPLERS.size(); i++) {
      assertThat(initial.get(i)).containsExactly(before.get(i));
      double start = squaredError(UPSAMPLERS.get(i), initial.get(i), unseen, below);
      double end = squaredError(UPSAMPLERS.get(i), trained.get(i), unseen, below);
      assertThat(end).isLessThan(0.7 * start);
      below = UPSAMPLERS.get(i).input().side();
    }
  }

  @Test
  void takesColour() {
    List<MapNetwork> upsamplers = List.of(upsampler(3, 4));
    JavaRDD<ImageBatch> images = spark.parallelize(waves(3, 4, 4, 32), 2);
    List<float[]> initial = initial(upsamplers);
    List<float[]> trained = SHORT.train(spark, images, upsamplers, initial);
    ImageBatch unseen = waves(3, 4, 5, 64).get(4);
    assertThat(squaredError(upsamplers.get(0), trained.get(0), unseen, 2))
        .isLessThan(0.7 * squaredError(upsamplers.get(0), initial.get(0), unseen, 2));
  }

  @Test
  void refusesWhatDoesNotFit() {
    JavaRDD<ImageBatch> images = spark.parallelize(waves(1, 8, 1, 2), 1);
    assertThatThrownBy(() -> new UpsamplerPretraining(SHORT.settings(), 0))
        .hasMessage("Invalid hidden side: 0 (must be >= 1)");
    assertThatThrownBy(() -> SHORT.train(spark, images, List.of(), List.of()))
        .hasMessage(
            "Invalid upsamplers: 0 with 0 arrays of parameters (must be at least one, an array"
                + " each)");
    assertThatThrownBy(() -> SHORT.train(spark, images, UPSAMPLERS, List.of(new float[161])))
        .hasMessage(
            "Invalid upsamplers: 2 with 1 arrays of parameters (must be at least one, an array"
                + " each)");
    refuses(
        images,
        List.of(upsampler(1, 4), upsampler(1, 6)),
        "Invalid upsampler: 3x3-8, 3x3-1 on 1x6x6 to 1x6x6, above 1x4x4 (must give what it takes, a"
            + " multiple of that)");
    MapNetwork encoder =
        new MapNetwork(
            "encoder",
            List.of(new Convolution(3, 2, 1)),
            new Activation.Relu(),
            new ImageShape(1, 4));
    refuses(
        images,
        List.of(encoder),
        "Invalid upsampler: 3x3/2-1 on 1x4x4 to 1x2x2, above 1x2x2 (must give what it takes, a"
            + " multiple of that)");
    refuses(
        images,
        List.of(upsampler(3, 4)),
        "Invalid images: shapes [1x8x8] (must be one, a multiple of 3x4x4)");
    refuses(
        images.union(spark.parallelize(waves(1, 4, 1, 2), 1)),
        List.of(upsampler(1, 16)),
        "Invalid images: shapes [1x4x4, 1x8x8] (must be one, a multiple of 1x16x16)");
    refuses(
        spark.parallelize(List.of(), 1),
        UPSAMPLERS,
        "Cannot train upsamplers: there are no images");
  }

  private static void refuses(
      JavaRDD<ImageBatch> images, List<MapNetwork> upsamplers, String message) {
    assertThatThrownBy(() -> SHORT.train(spark, images, upsamplers, initial(upsamplers)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static MapNetwork upsampler(int channels, int side) {
    return new MapNetwork(
        "upsampler-" + side,
        List.of(new Convolution(3, 1, 8), new Convolution(3, 1, channels)),
        new Activation.LeakyRelu(0.2),
        new ImageShape(channels, side));
  }

  private static List<float[]> initial(List<MapNetwork> upsamplers) {
    NoiseStream weights = NoiseStream.of(5, NoiseStream.Purpose.WEIGHTS);
    return upsamplers.stream()
        .map(upsampler -> InitialParameters.FAN_IN_UNIFORM.draw(upsampler, 0, weights))
        .toList();
  }

  /** Of x + u(x) for replicated images x, as the engine computes u. */
  private static double squaredError(
      MapNetwork upsampler, float[] parameters, ImageBatch images, int below) {
    int side = upsampler.input().side();
    ImageBatch target = GridLadder.average(images, side);
    ImageBatch input = GridLadder.replicate(GridLadder.average(images, below), side);
    try (MapEngine engine = ChosenEngine.kind().create(upsampler)) {
      engine.load(parameters);
      float[] correction = engine.outputs(input).pixels();
      double sum = 0;
      for (int i = 0; i < correction.length; i++) {
        double error = input.pixels()[i] + correction[i] - target.pixels()[i];
        sum += error * error;
      }
      return sum;
    }
  }

  /** Batches of smooth images: a wave of random direction, phase and length over each channel. */
  private static List<ImageBatch> waves(int channels, int side, int batches, int count) {
    Random random = new Random(1);
    List<ImageBatch> all = new ArrayList<>();
    for (int b = 0; b < batches; b++) {
      ImageBatch images = ImageBatch.zeros(new ImageShape(channels, side), count);
      for (int plane = 0; plane < count * channels; plane++) {
        double right = 5 * (random.nextDouble() - 0.5) / side;
        double down = 5 * (random.nextDouble() - 0.5) / side;
        double phase = 6 * random.nextDouble();
        for (int p = 0; p < side * side; p++) {
          int row = p / side;
          double angle = right * (p % side) + down * row + phase;
          images.pixels()[plane * side * side + p] = (float) Math.sin(angle);
        }
      }
      all.add(images);
    }
    return all;
  }
}
