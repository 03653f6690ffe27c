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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every engine of networks from images to images must do; a subclass per engine names it.
 * Long, because the contract is one: outputs, two gradients, repetition, threads, errors.
 */
abstract class MapEngineContract {
  private static final NoiseStream NOISE = NoiseStream.of(3, NoiseStream.Purpose.DATA);

  /** Makes the engines. */
  abstract EngineKind kind();

  static Stream<MapNetwork> networks() {
    return Stream.of(
        map("3x3-1", "relu", 1, 4),
        map("3x3-8, 3x3-8, 3x3-1", "leaky-relu(0.2)", 1, 1),
        map("3x3-16, 3x3-16, 3x3-3", "leaky-relu(0.2)", 3, 8),
        map("1x1-5, 1x1-1", "relu", 1, 5),
        map("5x5-6, 3x3-10, 5x5-3", "silu", 3, 7),
        map("5x5/2-12, 3x3-3", "silu", 3, 8),
        map("7x7/3-8, 4x4/2-1", "relu", 3, 11),
        map("3x3-64, 3x3-64, 3x3-1", "silu", 1, 8),
        map("5x5/2-16, 3x3/2-32, 3x3/2-16, 3x3-1", "leaky-relu(0.2)", 1, 32));
  }

  static MapNetwork map(String layers, String activation, int channels, int side) {
    Activation between = Activation.parse(activation);
    List<NetworkSpec.Convolution> convolutions =
        NetworkSpec.parse(layers + ", dense 1", between, false).convolutions();
    return new MapNetwork("map", convolutions, between, new ImageShape(channels, side));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void outputsAreThoseInDoublePrecision(MapNetwork network) {
    ImageBatch images = images(network, 4);
    try (MapEngine engine = loaded(network)) {
      ImageBatch outputs = engine.outputs(images);
      assertThat(outputs.shape()).isEqualTo(network.output());
      assertThat(outputs.count()).isEqualTo(images.count());
      for (int i = 0; i < images.count(); i++) {
        double[] expected = output(network, widened(parameters(network)), pixels(images, i));
        assertThat(pixels(outputs, i))
            .containsExactly(expected, offset(1e-5 * Math.max(1, largest(expected))));
      }
    }
  }

  /** Central differences in double precision, on images away from kinks. */
  @ParameterizedTest
  @MethodSource("networks")
  void parameterGradientAgreesWithFiniteDifferences(MapNetwork network) {
    ImageBatch images = imagesAwayFromKinks(network, 3);
    ImageBatch signals = signals(network, 3);
    double[] parameters = widened(parameters(network));
    try (MapEngine engine = loaded(network)) {
      double[] gradient = widened(engine.gradients(images, signals).parameters());
      for (double[] direction : directions(network)) {
        double step = 1e-6;
        double up = value(network, moved(parameters, direction, step), images, signals);
        double down = value(network, moved(parameters, direction, -step), images, signals);
        assertThat(dot(gradient, direction))
            .isCloseTo((up - down) / (2 * step), offset(1e-5 * norm(gradient)));
      }
    }
  }

  /** Central differences in double precision, on images away from kinks. */
  @ParameterizedTest
  @MethodSource("networks")
  void imageGradientAgreesWithFiniteDifferences(MapNetwork network) {
    ImageBatch images = imagesAwayFromKinks(network, 3);
    ImageBatch signals = signals(network, 3);
    double[] parameters = widened(parameters(network));
    try (MapEngine engine = loaded(network)) {
      ImageBatch gradients = engine.gradients(images, signals).images();
      assertThat(gradients.shape()).isEqualTo(network.input());
      for (int i = 0; i < images.count(); i++) {
        double[] x = pixels(images, i);
        double[] gradient = pixels(gradients, i);
        for (double[] direction : imageDirections(x.length)) {
          double step = 1e-6;
          double[] signal = pixels(signals, i);
          double up = dot(output(network, parameters, moved(x, direction, step)), signal);
          double down = dot(output(network, parameters, moved(x, direction, -step)), signal);
          assertThat(dot(gradient, direction))
              .isCloseTo((up - down) / (2 * step), offset(1e-5 * norm(gradient)));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aBatchGivesWhatItsImagesGive(MapNetwork network) {
    ImageBatch images = images(network, 16);
    ImageBatch signals = signals(network, 16);
    try (MapEngine engine = loaded(network)) {
      ImageBatch outputs = engine.outputs(images);
      MapEngine.Gradients gradients = engine.gradients(images, signals);
      double[] sum = new double[network.parameterCount()];
      for (int i = 0; i < images.count(); i++) {
        ImageBatch image = images.slice(i, i + 1);
        assertThat(engine.outputs(image).pixels())
            .containsExactly(outputs.slice(i, i + 1).pixels(), offset(1e-5f));
        MapEngine.Gradients one = engine.gradients(image, signals.slice(i, i + 1));
        assertThat(one.images().pixels())
            .containsExactly(gradients.images().slice(i, i + 1).pixels(), offset(1e-5f));
        sum = moved(sum, widened(one.parameters()), 1);
      }
      assertThat(widened(gradients.parameters())).containsExactly(sum, offset(1e-5 * norm(sum)));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void repeatsExactlyAndLeavesArgumentsAlone(MapNetwork network) {
    ImageBatch images = images(network, 4);
    ImageBatch signals = signals(network, 4);
    float[] parameters = parameters(network);
    try (MapEngine engine = loaded(network)) {
      ImageBatch outputs = engine.outputs(images);
      MapEngine.Gradients first = engine.gradients(images, signals);
      ImageBatch kept = outputs.copy();
      MapEngine.Gradients copy =
          new MapEngine.Gradients(first.parameters().clone(), first.images().copy());
      engine.outputs(images(network, 2));
      engine.gradients(images(network, 3), signals(network, 3));
      engine.load(parameters);
      MapEngine.Gradients second = engine.gradients(images, signals);
      assertThat(engine.outputs(images)).isEqualTo(kept);
      assertThat(second.parameters()).containsExactly(copy.parameters());
      assertThat(second.images()).isEqualTo(copy.images());
      assertThat(outputs).isEqualTo(kept);
      assertThat(first.parameters()).containsExactly(copy.parameters());
      assertThat(first.images()).isEqualTo(copy.images());
    }
    assertThat(images).isEqualTo(images(network, 4));
    assertThat(signals).isEqualTo(signals(network, 4));
    assertThat(parameters).containsExactly(parameters(network));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void newParametersAreThoseOfEveryLaterBatch(MapNetwork network) {
    float[] other = parameters(network);
    for (int i = 0; i < other.length; i++) {
      other[i] *= -0.5f;
    }
    float[] given = other.clone();
    ImageBatch three = images(network, 3);
    ImageBatch five = images(network, 5);
    try (MapEngine engine = loaded(network);
        MapEngine fresh = kind().create(network)) {
      fresh.load(other);
      ImageBatch ofThree = fresh.outputs(three);
      ImageBatch ofFive = fresh.outputs(five);
      assertThat(engine.outputs(five)).isNotEqualTo(ofFive);
      engine.load(given);
      Arrays.fill(given, 3f);
      assertThat(engine.outputs(five)).isEqualTo(ofFive);
      assertThat(engine.outputs(three)).isEqualTo(ofThree);
    }
  }

  /** As a correction has it at its start: the last layer is 0, those below it are not. */
  @ParameterizedTest
  @MethodSource("networks")
  void initialParametersGiveNothingAndTeachTheLastLayerOnly(MapNetwork network) {
    float[] initial =
        InitialParameters.FAN_IN_UNIFORM.draw(
            network, 0, NoiseStream.of(5, NoiseStream.Purpose.WEIGHTS));
    try (MapEngine engine = kind().create(network)) {
      engine.load(initial);
      assertThat(largest(widened(engine.outputs(images(network, 2)).pixels()))).isZero();
      float[] gradient = engine.gradients(images(network, 2), signals(network, 2)).parameters();
      for (Network.Tensor tensor : network.tensors()) {
        float[] part =
            Arrays.copyOfRange(gradient, tensor.offset(), tensor.offset() + tensor.length());
        assertThat(norm(widened(part)) > 0).as(tensor.toString()).isEqualTo(tensor.zero());
      }
    }
  }

  @Test
  void parametersAreZeroUntilTheyAreLoaded() {
    MapNetwork network = map("3x3-8, 3x3-1", "silu", 1, 4);
    try (MapEngine engine = kind().create(network)) {
      assertThat(engine.network()).isEqualTo(network);
      assertThat(largest(widened(engine.outputs(images(network, 2)).pixels()))).isZero();
    }
  }

  @Test
  void enginesInTwoThreadsGiveTheBitsOfOne() throws Exception {
    MapNetwork network = map("5x5/2-12, 3x3-16, 3x3-3", "leaky-relu(0.2)", 3, 8);
    Callable<MapEngine.Gradients> task =
        () -> {
          try (MapEngine engine = loaded(network)) {
            for (int repetition = 0; repetition < 50; repetition++) {
              engine.gradients(images(network, 4), signals(network, 4));
            }
            return engine.gradients(images(network, 4), signals(network, 4));
          }
        };
    MapEngine.Gradients alone = task.call();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (Future<MapEngine.Gradients> result : threads.invokeAll(List.of(task, task))) {
        assertThat(result.get().parameters()).containsExactly(alone.parameters());
        assertThat(result.get().images()).isEqualTo(alone.images());
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void rejectsWhatDoesNotFit() {
    MapNetwork network = map("3x3/2-2, 3x3-1", "relu", 1, 4);
    try (MapEngine engine = loaded(network)) {
      ImageBatch coloured = ImageBatch.zeros(new ImageShape(3, 4), 2);
      assertThatThrownBy(() -> engine.outputs(coloured))
          .hasMessage("Invalid images: shape 3x4x4 (must be 1x4x4)");
      assertThatThrownBy(() -> engine.gradients(coloured, signals(network, 2)))
          .hasMessage("Invalid images: shape 3x4x4 (must be 1x4x4)");
      assertThatThrownBy(() -> engine.gradients(images(network, 2), images(network, 2)))
          .hasMessage("Invalid signals: 2 images of 1x4x4 (must be 2 images of 1x2x2)");
      assertThatThrownBy(() -> engine.gradients(images(network, 2), signals(network, 3)))
          .hasMessage("Invalid signals: 3 images of 1x2x2 (must be 2 images of 1x2x2)");
      assertThatThrownBy(() -> engine.load(new float[3]))
          .hasMessage("Invalid parameters: 3 values (must be 39 for 3x3/2-2, 3x3-1 on 1x4x4)");
    }
  }

  @Test
  void closedEngineRefusesCalls() {
    MapNetwork network = map("3x3-2, 3x3-1", "relu", 1, 4);
    MapEngine engine = loaded(network);
    engine.outputs(images(network, 2));
    engine.close();
    engine.close();
    List<Runnable> calls =
        List.of(
            () -> engine.outputs(images(network, 1)),
            () -> engine.gradients(images(network, 1), signals(network, 1)),
            () -> engine.load(parameters(network)));
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Cannot use engine: it is closed");
    }
  }

  private MapEngine loaded(MapNetwork network) {
    MapEngine engine = kind().create(network);
    engine.load(parameters(network));
    return engine;
  }

  /** The last layer as the others, so that it gives something. */
  static float[] parameters(MapNetwork network) {
    float[] parameters = normals(network.parameterCount(), 5);
    for (Network.Tensor tensor : network.tensors()) {
      for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
        parameters[i] /= (float) Math.sqrt(tensor.fanIn());
      }
    }
    return parameters;
  }

  static ImageBatch images(MapNetwork network, int count) {
    return new ImageBatch(network.input(), count, normals(count * network.input().size(), 1));
  }

  static ImageBatch signals(MapNetwork network, int count) {
    return new ImageBatch(network.output(), count, normals(count * network.output().size(), 2));
  }

  /** The first of many images that keep a distance from kinks, where float might take a side. */
  private static ImageBatch imagesAwayFromKinks(MapNetwork network, int count) {
    DoubleConvolutions exact = exact(network, widened(parameters(network)));
    ImageBatch candidates = images(network, 10 * count);
    int below = network.convolutions().size() - 1;
    int[] away =
        IntStream.range(0, candidates.count())
            .filter(
                i ->
                    DoubleConvolutions.smallest(
                            exact.preActivations(pixels(candidates, i)).subList(0, below))
                        > 1e-5)
            .limit(count)
            .toArray();
    assertThat(away).as("images away from kinks").hasSize(count);
    ImageBatch images = ImageBatch.zeros(network.input(), count);
    int size = network.input().size();
    for (int i = 0; i < count; i++) {
      System.arraycopy(candidates.pixels(), away[i] * size, images.pixels(), i * size, size);
    }
    return images;
  }

  /** Four random directions of length 1, and the first and last coordinate of every tensor. */
  private static List<double[]> directions(MapNetwork network) {
    List<double[]> directions = new ArrayList<>();
    for (int d = 0; d < 4; d++) {
      directions.add(unit(network.parameterCount(), 80 + d));
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

  /** Two random directions of length 1, and the first and last pixel. */
  private static List<double[]> imageDirections(int size) {
    double[] first = new double[size];
    first[0] = 1;
    double[] last = new double[size];
    last[size - 1] = 1;
    return List.of(unit(size, 90), unit(size, 91), first, last);
  }

  private static double[] unit(int size, int cell) {
    double[] normals = widened(normals(size, cell));
    double norm = norm(normals);
    return Arrays.stream(normals).map(z -> z / norm).toArray();
  }

  private static DoubleConvolutions exact(MapNetwork network, double[] parameters) {
    return new DoubleConvolutions(
        network.input(), network.convolutions(), network.activation(), parameters);
  }

  /** What the network gives for an image, in double precision. */
  private static double[] output(MapNetwork network, double[] parameters, double[] pixels) {
    List<double[]> sums = exact(network, parameters).preActivations(pixels);
    return sums.get(sums.size() - 1);
  }

  /** sum_i &lt;s_i, u(x_i)&gt; in double precision. */
  private static double value(
      MapNetwork network, double[] parameters, ImageBatch images, ImageBatch signals) {
    return IntStream.range(0, images.count())
        .mapToDouble(i -> dot(output(network, parameters, pixels(images, i)), pixels(signals, i)))
        .sum();
  }

  private static double[] moved(double[] from, double[] direction, double step) {
    double[] moved = from.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += step * direction[i];
    }
    return moved;
  }

  private static double[] pixels(ImageBatch images, int i) {
    return widened(images.slice(i, i + 1).pixels());
  }

  private static double[] widened(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static float[] normals(int n, int cell) {
    float[] z = new float[n];
    NOISE.normals(NoiseAddress.of(0, cell), z);
    return z;
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }
}
