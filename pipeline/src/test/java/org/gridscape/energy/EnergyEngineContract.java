package org.gridscape.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every engine must do; a subclass per engine says how one is made. Long, because the contract
 * is one: values, three gradients, repetition, threads, errors.
 */
abstract class EnergyEngineContract {
  private static final NoiseStream NOISE = NoiseStream.of(3, NoiseStream.Purpose.DATA);

  /** A new engine, parameters not loaded. */
  abstract EnergyEngine create(GridNetwork network);

  static Stream<GridNetwork> networks() {
    return Stream.of(
        network("3x3-8, 3x3-8, dense 1", "leaky-relu(0.2)", false, 1, 4),
        network("5x5/2-8, 3x3/2-16, dense 1", "leaky-relu(0.2)", false, 3, 8),
        network("5x5/2-6, 3x3-8, dense 1", "relu", false, 3, 6),
        network("3x3/2-8, 3x3-4, dense 1", "silu", false, 1, 8),
        network("3x3-6, 3x3/2-8, dense 1", "silu", true, 1, 4));
  }

  static Stream<GridNetwork> networksWithoutBatchNorm() {
    return networks().filter(network -> !network.spec().batchNorm());
  }

  static Stream<GridNetwork> piecewiseLinearNetworks() {
    return networksWithoutBatchNorm()
        .filter(network -> network.spec().activation().isPiecewiseLinear());
  }

  static GridNetwork network(
      String layers, String activation, boolean batchNorm, int channels, int side) {
    return new GridNetwork(
        NetworkSpec.parse(layers, Activation.parse(activation), batchNorm),
        new ImageShape(channels, side));
  }

  @ParameterizedTest
  @MethodSource("networksWithoutBatchNorm")
  void valuesAndInputGradientAreThoseInDoublePrecision(GridNetwork network) {
    DoubleNetwork exact = new DoubleNetwork(network, widened(parameters(network)));
    ImageBatch images = imagesAwayFromKinks(network, 4);
    try (EnergyEngine engine = loaded(network)) {
      float[] values = engine.values(images);
      float[] gradient = new float[images.pixels().length];
      engine.inputGradient(images, gradient);
      for (int i = 0; i < images.count(); i++) {
        assertThat(values[i]).isCloseTo((float) exact.value(pixels(images, i)), offset(1e-5f));
        double[] expected = exact.inputGradient(pixels(images, i));
        int size = expected.length;
        assertThat(widened(Arrays.copyOfRange(gradient, i * size, (i + 1) * size)))
            .containsExactly(expected, offset(1e-5 * largest(expected)));
      }
    }
  }

  /** Values and slopes of pre-activations whose exponential a float cannot hold. */
  @ParameterizedTest
  @ValueSource(strings = {"relu", "leaky-relu(0.2)", "silu"})
  void largePreActivationsHaveFiniteSlopes(String activation) {
    GridNetwork network = network("1x1-1, dense 1", activation, false, 1, 2);
    float[] parameters = {0f, 1f, 1f, 1f, 1f, 1f, 0f};
    DoubleNetwork exact = new DoubleNetwork(network, widened(parameters));
    ImageBatch images = new ImageBatch(network.shape(), 1, new float[] {50f, 1000f, -50f, -1000f});
    try (EnergyEngine engine = create(network)) {
      engine.load(parameters);
      float[] gradient = new float[4];
      engine.inputGradient(images, gradient);
      assertThat(engine.values(images)[0])
          .isCloseTo((float) exact.value(pixels(images, 0)), offset(1e-3f));
      assertThat(widened(gradient))
          .containsExactly(exact.inputGradient(pixels(images, 0)), offset(1e-5));
    }
  }

  /** Central differences of the penalty in double precision, on inputs away from kinks. */
  @ParameterizedTest
  @MethodSource("networksWithoutBatchNorm")
  void penaltyGradientAgreesWithFiniteDifferences(GridNetwork network) {
    ImageBatch images = imagesAwayFromKinks(network, 3);
    try (EnergyEngine engine = loaded(network)) {
      PenaltyGradient penalty = engine.penaltyGradient(images);
      double mean = penalty(network, images, new double[network.parameterCount()], 0);
      assertThat(penalty.mean()).isCloseTo(mean, offset(1e-5 * mean));
      float[] gradient = penalty.gradient();
      double tolerance = network.spec().activation().isPiecewiseLinear() ? 1e-5 : 1e-4;
      for (double[] direction : directions(network)) {
        assertThat(dot(widened(gradient), direction))
            .isCloseTo(
                penaltyDifference(network, images, direction), offset(tolerance * norm(gradient)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networksWithoutBatchNorm")
  void penaltyIsTheMeanOverTheImages(GridNetwork network) {
    try (EnergyEngine engine = loaded(network)) {
      ImageBatch one = images(network, 1);
      float[] single = engine.penaltyGradient(one).gradient();
      float[] twice = engine.penaltyGradient(joined(one, one)).gradient();
      assertThat(twice).containsExactly(single, offset((float) (1e-5 * norm(single))));
    }
  }

  @ParameterizedTest
  @MethodSource("piecewiseLinearNetworks")
  void biasesDoNotChangeThePenaltyOfPiecewiseLinearNetworks(GridNetwork network) {
    try (EnergyEngine engine = loaded(network)) {
      float[] gradient = engine.penaltyGradient(images(network, 2)).gradient();
      for (Network.Tensor tensor : network.tensors()) {
        float[] part =
            Arrays.copyOfRange(gradient, tensor.offset(), tensor.offset() + tensor.length());
        assertThat(norm(part) == 0)
            .as(tensor.toString())
            .isEqualTo(tensor.role() == Network.Role.BIAS);
      }
    }
  }

  /** Pixels of -1000 leave ReLU and SiLU no slope. */
  @ParameterizedTest
  @ValueSource(strings = {"relu", "silu"})
  void anImageWithoutGradientAddsNothingToThePenalty(String activation) {
    GridNetwork network = network("1x1-1, dense 1", activation, false, 1, 2);
    ImageBatch live = new ImageBatch(network.shape(), 1, new float[] {0.5f, -0.2f, 1f, 2f});
    ImageBatch dead = ImageBatch.zeros(network.shape(), 1);
    Arrays.fill(dead.pixels(), -1000f);
    try (EnergyEngine engine = create(network)) {
      engine.load(new float[] {0f, 1f, 1f, 2f, -1f, 0.5f, 0f});
      PenaltyGradient penalty = engine.penaltyGradient(live);
      PenaltyGradient both = engine.penaltyGradient(joined(live, dead));
      assertThat(both.mean()).isCloseTo(penalty.mean() / 2, offset(1e-6));
      float[] alone = penalty.gradient();
      float[] beside = both.gradient();
      assertThat(norm(alone)).isPositive();
      for (int i = 0; i < alone.length; i++) {
        assertThat(beside[i]).isCloseTo(alone[i] / 2, offset(1e-5f));
      }
      assertThat(engine.penaltyGradient(dead).mean()).isZero();
      assertThat(engine.penaltyGradient(dead).gradient()).containsOnly(0f);
    }
  }

  /** Central differences along random directions, with f in float, on inputs away from kinks. */
  @ParameterizedTest
  @MethodSource("networks")
  void inputGradientAgreesWithFiniteDifferences(GridNetwork network) {
    try (EnergyEngine engine = loaded(network)) {
      ImageBatch images = images(network, 4);
      float[] gradient = new float[images.pixels().length];
      engine.inputGradient(images, gradient);
      float[] direction = normals(gradient.length, 77);
      float step = 1e-3f;
      double difference =
          (sum(engine.values(moved(images, direction, step)))
                  - sum(engine.values(moved(images, direction, -step))))
              / (2 * step);
      assertThat(dot(gradient, direction))
          .isCloseTo(difference, offset(0.02 * norm(gradient) + 1e-3));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void parameterGradientAgreesWithFiniteDifferences(GridNetwork network) {
    try (EnergyEngine engine = loaded(network)) {
      ImageBatch images = images(network, 3);
      float[] weights = {1f, -0.5f, 2f};
      float[] gradient = engine.parameterGradient(images, weights);
      float[] parameters = parameters(network);
      float[] direction = normals(gradient.length, 78);
      zeroUnused(network, direction);
      float step = 1e-4f;
      engine.load(add(parameters, direction, step));
      double up = dot(engine.values(images), weights);
      engine.load(add(parameters, direction, -step));
      double down = dot(engine.values(images), weights);
      assertThat(dot(gradient, direction))
          .isCloseTo((up - down) / (2 * step), offset(0.02 * norm(gradient) + 1e-3));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void repeatsExactlyAndLeavesArgumentsAlone(GridNetwork network) {
    try (EnergyEngine engine = loaded(network)) {
      ImageBatch images = images(network, 4);
      ImageBatch before = images.copy();
      float[] weights = {1f, 2f, 3f, 4f};
      float[] first = new float[images.pixels().length];
      float[] second = new float[images.pixels().length];
      float[] values = engine.values(images);
      engine.inputGradient(images, first);
      float[] parameterGradient = engine.parameterGradient(images, weights);
      float[] penaltyGradient = penaltyGradient(engine, images);
      engine.values(images(network, 2));
      engine.inputGradient(images, second);
      assertThat(engine.values(images)).containsExactly(values);
      assertThat(second).containsExactly(first);
      assertThat(engine.parameterGradient(images, weights)).containsExactly(parameterGradient);
      assertThat(penaltyGradient(engine, images)).containsExactly(penaltyGradient);
      assertThat(images).isEqualTo(before);
      assertThat(weights).containsExactly(1f, 2f, 3f, 4f);
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void parameterGradientIsLinearInTheWeights(GridNetwork network) {
    try (EnergyEngine engine = loaded(network)) {
      ImageBatch images = images(network, 2);
      float[] one = engine.parameterGradient(images, new float[] {1f, 0f});
      float[] other = engine.parameterGradient(images, new float[] {0f, 1f});
      float[] both = engine.parameterGradient(images, new float[] {2f, -3f});
      for (int i = 0; i < both.length; i++) {
        assertThat(both[i])
            .isCloseTo(2 * one[i] - 3 * other[i], offset((float) (1e-5 * norm(both) + 1e-6)));
      }
    }
  }

  @Test
  void enginesInTwoThreadsGiveTheBitsOfOne() throws Exception {
    GridNetwork network = networks().skip(1).findFirst().orElseThrow();
    Callable<float[]> task =
        () -> {
          try (EnergyEngine engine = loaded(network)) {
            ImageBatch images = images(network, 4);
            float[] gradient = new float[images.pixels().length];
            for (int repetition = 0; repetition < 50; repetition++) {
              engine.inputGradient(images, gradient);
            }
            return gradient;
          }
        };
    float[] alone = task.call();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<float[]>> results = new ArrayList<>(threads.invokeAll(List.of(task, task)));
      for (Future<float[]> result : results) {
        assertThat(result.get()).containsExactly(alone);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void rejectsWhatDoesNotFit() {
    GridNetwork network = network("3x3-2, dense 1", "relu", false, 1, 4);
    try (EnergyEngine engine = loaded(network)) {
      assertThatThrownBy(() -> engine.values(ImageBatch.zeros(new ImageShape(3, 4), 1)))
          .hasMessage("Invalid images: shape 3x4x4 (must be 1x4x4)");
      assertThatThrownBy(() -> engine.penaltyGradient(ImageBatch.zeros(new ImageShape(3, 4), 1)))
          .hasMessage("Invalid images: shape 3x4x4 (must be 1x4x4)");
      assertThatThrownBy(() -> engine.load(new float[3]))
          .hasMessage("Invalid parameters: 3 values (must be 53 for 3x3-2, dense 1 on 1x4x4)");
      assertThatThrownBy(() -> engine.parameterGradient(images(network, 2), new float[3]))
          .hasMessage("Invalid weights: 3 values (must be one for each of 2 images)");
      assertThatThrownBy(() -> engine.inputGradient(images(network, 2), new float[16]))
          .hasMessage("Invalid gradient array: 16 values (must be 32, as the images)");
    }
  }

  @Test
  void refusesThePenaltyOfImagesThatDependOnEachOther() {
    GridNetwork network = network("3x3-2, dense 1", "relu", true, 1, 4);
    try (EnergyEngine engine = loaded(network)) {
      assertThatThrownBy(() -> engine.penaltyGradient(images(network, 2)))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage(
              "Cannot compute penalty gradient: with batch normalisation f of an image depends on"
                  + " the others");
    }
  }

  @Test
  void weightsMayNotUseTheEngine() {
    GridNetwork network = network("3x3-2, dense 1", "relu", false, 1, 4);
    List<Consumer<EnergyEngine>> uses =
        List.of(
            engine -> engine.values(images(network, 3)),
            engine -> engine.load(parameters(network)),
            EnergyEngine::close);
    for (Consumer<EnergyEngine> use : uses) {
      try (EnergyEngine engine = loaded(network)) {
        assertThatThrownBy(
                () ->
                    engine.parameterGradient(
                        images(network, 2),
                        values -> {
                          use.accept(engine);
                          return values;
                        }))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "Cannot compute gradient of parameters: the function for the weights used the"
                    + " engine");
      }
    }
  }

  @Test
  void closedEngineRefusesCalls() {
    GridNetwork network = network("3x3-2, dense 1", "relu", false, 1, 4);
    EnergyEngine engine = loaded(network);
    engine.close();
    engine.close();
    assertThatThrownBy(() -> engine.values(images(network, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot use engine: it is closed");
    assertThatThrownBy(() -> engine.penaltyGradient(images(network, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot use engine: it is closed");
  }

  EnergyEngine loaded(GridNetwork network) {
    EnergyEngine engine = create(network);
    engine.load(parameters(network));
    return engine;
  }

  static float[] parameters(GridNetwork network) {
    NoiseStream weights = NoiseStream.of(5, NoiseStream.Purpose.WEIGHTS);
    return InitialParameters.FAN_IN_UNIFORM.draw(network, 0, weights);
  }

  static ImageBatch images(GridNetwork network, int count) {
    return new ImageBatch(network.shape(), count, normals(count * network.shape().size(), 1));
  }

  private static ImageBatch imagesAwayFromKinks(GridNetwork network, int count) {
    return imagesAwayFromKinks(network, count, 1e-4);
  }

  /** The first of many images that keep a distance from kinks, where float might take a side. */
  static ImageBatch imagesAwayFromKinks(GridNetwork network, int count, double distance) {
    DoubleNetwork exact = new DoubleNetwork(network, widened(parameters(network)));
    ImageBatch candidates = images(network, 10 * count);
    ImageBatch[] away =
        IntStream.range(0, candidates.count())
            .filter(i -> exact.distanceToKinks(pixels(candidates, i)) > distance)
            .limit(count)
            .mapToObj(i -> candidates.slice(i, i + 1))
            .toArray(ImageBatch[]::new);
    assertThat(away).as("images away from kinks").hasSize(count);
    return joined(away);
  }

  /** Four random directions of length 1, and the first and last coordinate of every tensor. */
  private static List<double[]> directions(GridNetwork network) {
    List<double[]> directions = new ArrayList<>();
    for (int d = 0; d < 4; d++) {
      float[] normals = normals(network.parameterCount(), 80 + d);
      double norm = norm(normals);
      directions.add(Arrays.stream(widened(normals)).map(z -> z / norm).toArray());
    }
    for (Network.Tensor tensor : network.tensors()) {
      for (int index : new int[] {0, tensor.length() - 1}) {
        double[] direction = new double[network.parameterCount()];
        direction[tensor.offset() + index] = 1;
        directions.add(direction);
      }
    }
    return directions;
  }

  private static double penaltyDifference(
      GridNetwork network, ImageBatch images, double[] direction) {
    double step = 1e-6;
    return (penalty(network, images, direction, step) - penalty(network, images, direction, -step))
        / (2 * step);
  }

  /** (1/n) sum_i |df/dx_i|^2 with the parameters moved by step along a direction. */
  private static double penalty(
      GridNetwork network, ImageBatch images, double[] direction, double step) {
    double[] parameters = widened(parameters(network));
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += step * direction[i];
    }
    DoubleNetwork exact = new DoubleNetwork(network, parameters);
    return IntStream.range(0, images.count())
        .mapToObj(i -> exact.inputGradient(pixels(images, i)))
        .mapToDouble(gradient -> dot(gradient, gradient))
        .average()
        .orElseThrow();
  }

  /** The penalty's gradient of a network that has one; nothing of others. */
  private static float[] penaltyGradient(EnergyEngine engine, ImageBatch images) {
    return engine.network().spec().batchNorm()
        ? new float[0]
        : engine.penaltyGradient(images).gradient();
  }

  private static ImageBatch joined(ImageBatch... images) {
    ImageShape shape = images[0].shape();
    ImageBatch all = ImageBatch.zeros(shape, images.length);
    for (int i = 0; i < images.length; i++) {
      System.arraycopy(images[i].pixels(), 0, all.pixels(), i * shape.size(), shape.size());
    }
    return all;
  }

  private static double[] pixels(ImageBatch images, int i) {
    return widened(images.slice(i, i + 1).pixels());
  }

  private static double[] widened(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }

  private static float[] normals(int n, int cell) {
    float[] z = new float[n];
    NOISE.normals(NoiseAddress.of(0, cell), z);
    return z;
  }

  private static void zeroUnused(GridNetwork network, float[] direction) {
    for (Network.Tensor tensor : network.tensors()) {
      if (tensor.role() == Network.Role.UNUSED) {
        Arrays.fill(direction, tensor.offset(), tensor.offset() + tensor.length(), 0f);
      }
    }
  }

  private static ImageBatch moved(ImageBatch images, float[] direction, float step) {
    return new ImageBatch(images.shape(), images.count(), add(images.pixels(), direction, step));
  }

  private static float[] add(float[] a, float[] b, float scale) {
    float[] sum = a.clone();
    for (int i = 0; i < a.length; i++) {
      sum[i] += scale * b[i];
    }
    return sum;
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  private static double dot(float[] a, float[] b) {
    return dot(widened(a), widened(b));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(float[] a) {
    return Math.sqrt(dot(a, a));
  }
}
