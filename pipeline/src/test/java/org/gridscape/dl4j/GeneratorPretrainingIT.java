package org.gridscape.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

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

class GeneratorPretrainingIT {
  private static final AveragedTraining SHORT = new AveragedTraining(8, 8, 4, 0.01, 2, 5);
  private static final List<MapNetwork> UPSAMPLERS = List.of(upsampler(1, 4), upsampler(1, 8));
  private static final ImageShape SMALL = new ImageShape(1, 4);
  private static final MapNetwork STRIDED =
      new MapNetwork("strided", List.of(new Convolution(3, 2, 1)), new Activation.Relu(), SMALL);
  private static final GeneratorPretraining GREY = new GeneratorPretraining(SHORT, 2, UPSAMPLERS);

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
    List<float[]> trained = GREY.trainUpsamplers(spark, images, initial);
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
    List<float[]> trained =
        new GeneratorPretraining(SHORT, 2, upsamplers).trainUpsamplers(spark, images, initial);
    ImageBatch unseen = waves(3, 4, 5, 64).get(4);
    assertThat(squaredError(upsamplers.get(0), trained.get(0), unseen, 2))
        .isLessThan(0.7 * squaredError(upsamplers.get(0), initial.get(0), unseen, 2));
  }

  /**
   * The upsampler halves what it gets, so that doubled thumbnails give the images back: codes move
   * by R^-1 times the thumbnail.
   */
  @Test
  void teachesAnEncoderCodesFromWhichUpsamplersGiveImagesBack() {
    MapNetwork halving =
        new MapNetwork("halving", List.of(new Convolution(1, 1, 1)), new Activation.Relu(), SMALL);
    List<float[]> half = List.of(new float[] {0f, -0.5f});
    float[] root = {0.5f, 0f, 0f, 0f, 0f, 0.5f, 0f, 0f, 0f, 0f, 0.5f, 0f, 0f, 0f, 0f, 0.5f};
    MapNetwork encoder =
        new MapNetwork(
            "encoder",
            List.of(new Convolution(3, 2, 8), new Convolution(1, 1, 1)),
            new Activation.LeakyRelu(0.2),
            SMALL);
    GeneratorPretraining training = new GeneratorPretraining(SHORT, 2, List.of(halving));
    JavaRDD<ImageBatch> images = spark.parallelize(waves(1, 4, 4, 32), 2);
    float[] initial = initial(List.of(encoder)).get(0);
    float[] given = initial.clone();
    float[] free = training.trainEncoder(spark, images, half, encoder, initial, root, 0);
    float[] near = training.trainEncoder(spark, images, half, encoder, initial, root, 1e6);
    assertThat(initial).containsExactly(given);
    assertThat(half.get(0)).containsExactly(0f, -0.5f);
    ImageBatch unseen = waves(1, 4, 5, 64).get(4);
    double start = reconstructionError(encoder, initial, unseen);
    assertThat(reconstructionError(encoder, free, unseen)).isLessThan(0.5 * start);
    assertThat(reconstructionError(encoder, near, unseen)).isCloseTo(start, withinPercentage(5));
  }

  /** Of the upsampler that halves and the root 0.5. */
  private static double reconstructionError(
      MapNetwork encoder, float[] parameters, ImageBatch images) {
    ImageBatch thumbnails = GridLadder.average(images, 2);
    try (MapEngine engine = ChosenEngine.kind().create(encoder)) {
      engine.load(parameters);
      float[] corrections = engine.outputs(images).pixels();
      for (int i = 0; i < corrections.length; i++) {
        thumbnails.pixels()[i] += 0.5f * corrections[i];
      }
    }
    ImageBatch replicated = GridLadder.replicate(thumbnails, 4);
    double sum = 0;
    for (int i = 0; i < images.pixels().length; i++) {
      double error = 0.5 * replicated.pixels()[i] - images.pixels()[i];
      sum += error * error;
    }
    return sum;
  }

  @Test
  void refusesNetworksThatDoNotFit() {
    assertThatThrownBy(() -> new GeneratorPretraining(SHORT, 0, UPSAMPLERS))
        .hasMessage("Invalid hidden side: 0 (must be >= 1)");
    assertThatThrownBy(() -> new GeneratorPretraining(SHORT, 2, List.of()))
        .hasMessage("Invalid upsamplers: none (must be at least one)");
    assertThatThrownBy(
            () -> new GeneratorPretraining(SHORT, 2, List.of(upsampler(1, 4), upsampler(1, 6))))
        .hasMessage(
            "Invalid upsampler: 3x3-8, 3x3-1 on 1x6x6 to 1x6x6, above 1x4x4 (must give what it"
                + " takes, a multiple of that)");
    assertThatThrownBy(() -> new GeneratorPretraining(SHORT, 2, List.of(STRIDED)))
        .hasMessage(
            "Invalid upsampler: 3x3/2-1 on 1x4x4 to 1x2x2, above 1x2x2 (must give what it takes, a"
                + " multiple of that)");
  }

  @Test
  void refusesParametersAndImagesThatDoNotFit() {
    JavaRDD<ImageBatch> images = spark.parallelize(waves(1, 8, 1, 2), 1);
    assertThatThrownBy(() -> GREY.trainUpsamplers(spark, images, List.of(new float[153])))
        .hasMessage("Invalid parameters: 1 arrays (must be one for each of 2 upsamplers)");
    assertThatThrownBy(
            () -> GREY.trainUpsamplers(spark, images, List.of(new float[153], new float[3])))
        .hasMessage("Invalid parameters: 3 values (must be 153 for 3x3-8, 3x3-1 on 1x8x8)");
    refuses(
        images,
        upsampler(3, 4),
        "Invalid images: shapes [1x8x8] (must be one, a multiple of 3x4x4)");
    refuses(
        images.union(spark.parallelize(waves(1, 4, 1, 2), 1)),
        upsampler(1, 16),
        "Invalid images: shapes [1x4x4, 1x8x8] (must be one, a multiple of 1x16x16)");
    refuses(
        spark.parallelize(List.of(), 1),
        upsampler(1, 4),
        "Cannot train generator: there are no images");
  }

  private static void refuses(JavaRDD<ImageBatch> images, MapNetwork upsampler, String message) {
    GeneratorPretraining training = new GeneratorPretraining(SHORT, 2, List.of(upsampler));
    assertThatThrownBy(() -> training.trainUpsamplers(spark, images, initial(List.of(upsampler))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void refusesEncodersThatDoNotFit() {
    JavaRDD<ImageBatch> images = spark.parallelize(waves(1, 8, 1, 2), 1);
    List<float[]> parameters = initial(UPSAMPLERS);
    assertThatThrownBy(
            () ->
                GREY.trainEncoder(
                    spark, images, parameters, upsampler(1, 8), new float[153], new float[16], 0))
        .hasMessage(
            "Invalid encoder: 3x3-8, 3x3-1 on 1x8x8 to 1x8x8 (must give 1x2x2, as thumbnails)");
    assertThatThrownBy(
            () ->
                GREY.trainEncoder(
                    spark, images, parameters, STRIDED, new float[10], new float[16], 0))
        .hasMessage("Invalid images: shape 1x8x8 (must be 1x4x4, as the encoder takes them)");
    JavaRDD<ImageBatch> small = spark.parallelize(waves(1, 4, 1, 2), 1);
    GeneratorPretraining training = new GeneratorPretraining(SHORT, 2, List.of(upsampler(1, 4)));
    List<float[]> one = initial(List.of(upsampler(1, 4)));
    assertThatThrownBy(
            () -> training.trainEncoder(spark, small, one, STRIDED, new float[9], new float[16], 0))
        .hasMessage("Invalid parameters: 9 values (must be 10 for 3x3/2-1 on 1x4x4)");
    assertThatThrownBy(
            () -> training.trainEncoder(spark, small, one, STRIDED, new float[10], new float[9], 0))
        .hasMessage("Invalid root: 9 values (must be 16 for thumbnails of 1x2x2)");
    assertThatThrownBy(
            () ->
                training.trainEncoder(
                    spark, small, one, STRIDED, new float[10], new float[16], Double.NaN))
        .hasMessage("Invalid nearness: NaN (must be finite and >= 0)");
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
