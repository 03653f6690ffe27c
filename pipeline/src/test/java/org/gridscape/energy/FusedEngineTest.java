package org.gridscape.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.image.EmbeddedSource;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageFit;
import org.gridscape.image.ImageFitting;
import org.gridscape.image.ImageShape;
import org.gridscape.image.ImageSource;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.ChainDiagnostics;
import org.gridscape.langevin.ChainNoise;
import org.gridscape.langevin.DivergedChainException;
import org.gridscape.langevin.LangevinChain;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.gridscape.pyramid.GridLadder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The fused engine against the reference engine, which defines what is right. Long, because every
 * path through the engine has networks of its own, which all comparisons share.
 */
class FusedEngineTest extends EnergyEngineContract {
  private static final double ROUNDING = 1e-5;
  private static final String LEAKY = "leaky-relu(0.2)";
  private static final GridNetwork DIRECT =
      network("5x5/2-32, 3x3-64, 3x3/2-64, dense 1", LEAKY, false, 1, 16);
  private static final GridNetwork WINOGRAD =
      network("3x3-128, 3x3-128, dense 1", LEAKY, false, 1, 8);

  @Override
  EnergyEngine create(GridNetwork network) {
    return new FusedEngine(network);
  }

  /** Kernels, strides, odd sides and channels that fill no vector; the phases of the pixels. */
  static Stream<GridNetwork> smallNetworks() {
    return Stream.of(
        network("1x1-5, 1x1-3, dense 1", LEAKY, false, 1, 5),
        network("3x3-13, 3x3-7, dense 1", "relu", false, 1, 9),
        network("5x5-6, 5x5-10, dense 1", "silu", false, 3, 7),
        network("7x7-4, 3x3/3-9, dense 1", LEAKY, false, 1, 11),
        network("7x7/2-24, 1x1-17, dense 1", LEAKY, false, 3, 12),
        network("5x5/3-12, 3x3-20, dense 1", "relu", false, 3, 9),
        network("3x3/2-16, 3x3/2-8, dense 1", "silu", false, 3, 16),
        network("5x5/2-12, dense 1", LEAKY, false, 3, 15),
        network("4x4/2-16, 2x2/3-8, dense 1", LEAKY, false, 3, 8));
  }

  static Stream<GridNetwork> normalizedNetworks() {
    return Stream.of(
        network("3x3-13, 3x3/3-7, dense 1", "silu", true, 1, 9),
        network("5x5/2-12, 3x3-20, dense 1", LEAKY, true, 3, 8),
        network("7x7/3-8, 1x1-16, dense 1", "relu", true, 3, 9));
  }

  /** At least 64 channels on both sides of a 3x3 convolution over an even side from 8 on. */
  static Stream<GridNetwork> wideNetworks() {
    return Stream.of(
        WINOGRAD,
        network("3x3-64, 3x3-64, dense 1", LEAKY, false, 1, 8),
        network("1x1-65, 3x3-67, dense 1", LEAKY, false, 1, 14),
        network("3x3/2-136, 3x3-131, dense 1", LEAKY, false, 3, 20),
        network("3x3-128, 3x3-144, 3x3/2-16, dense 1", "silu", false, 1, 8),
        network("1x1-128, 3x3-128, dense 1", "relu", true, 1, 8),
        network("3x3/2-130, 3x3-128, dense 1", "silu", true, 3, 16));
  }

  @Test
  void theNetworksHereTakeEveryPath() {
    assertThat(wideNetworks())
        .allMatch(network -> shapes(network).stream().anyMatch(WinogradConvolution::pays));
    assertThat(smallNetworks().map(FusedEngineTest::shapes))
        .noneMatch(shapes -> shapes.stream().anyMatch(WinogradConvolution::pays));
    assertThat(smallNetworks().filter(network -> PhaseGradient.pays(shapes(network).get(0))))
        .hasSize(4);
    assertThat(wideNetworks().filter(network -> PhaseGradient.pays(shapes(network).get(0))))
        .hasSize(2);
  }

  private static List<ConvolutionShape> shapes(GridNetwork network) {
    List<ConvolutionShape> shapes = new ArrayList<>();
    int channels = network.shape().channels();
    int side = network.shape().side();
    for (NetworkSpec.Convolution layer : network.spec().convolutions()) {
      shapes.add(ConvolutionShape.same(1, channels, side, layer));
      channels = layer.channels();
      side = layer.outputSide(side);
    }
    return shapes;
  }

  @ParameterizedTest
  @MethodSource("smallNetworks")
  void agreesWithTheReference(GridNetwork network) {
    assertAgreement(network, imagesAwayFromKinks(network, 4, 1e-4));
  }

  /** Nothing says how near the kinks are; of so few values hardly one lies within rounding. */
  @ParameterizedTest
  @MethodSource("normalizedNetworks")
  void agreesWithTheReferenceOnNormalizedBatches(GridNetwork network) {
    assertAgreement(network, images(network, 6));
  }

  /** Of ten thousands of pre-activations some always lie within 1e-4 of 0. */
  @ParameterizedTest
  @MethodSource("wideNetworks")
  void agreesWithTheReferenceOnWideNetworks(GridNetwork network) {
    boolean known = hasKinks(network) && !network.spec().batchNorm();
    assertAgreement(network, known ? imagesAwayFromKinks(network, 2, 1e-5) : images(network, 2));
  }

  private static boolean hasKinks(GridNetwork network) {
    return network.spec().activation().isPiecewiseLinear();
  }

  private static void assertAgreement(GridNetwork network, ImageBatch images) {
    float[] weights = new float[images.count()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % 2 == 0 ? 1f : -0.7f;
    }
    float[] parameters = shaken(network);
    try (EnergyEngine reference = new ReferenceEngine(network);
        EnergyEngine fused = new FusedEngine(network)) {
      reference.load(parameters);
      fused.load(parameters);
      assertClose(fused.values(images), reference.values(images));
      double difference =
          Arrays.stream(gradientDifferences(fused, reference, images)).max().orElseThrow();
      assertThat(difference).isLessThanOrEqualTo(ROUNDING);
      assertClose(
          fused.parameterGradient(images, weights), reference.parameterGradient(images, weights));
      if (hasKinks(network) && !network.spec().batchNorm()) {
        PenaltyGradient penalty = fused.penaltyGradient(images);
        PenaltyGradient expected = reference.penaltyGradient(images);
        assertClose(penalty.gradient(), expected.gradient());
        assertThat(penalty.mean()).isCloseTo(expected.mean(), offset(ROUNDING * expected.mean()));
      }
    }
  }

  static Stream<GridNetwork> networksOfStable() {
    return config("stable").networks().stream();
  }

  static Stream<GridNetwork> networksOfPaper() {
    return config("paper").networks().stream();
  }

  /** A pre-activation within rounding of a kink changes the gradient of its image, not of most. */
  @ParameterizedTest
  @MethodSource("networksOfStable")
  void agreesWithTheReferenceOnRealImages(GridNetwork network) throws IOException {
    double[] differences = differencesOnRealImages(config("stable"), network, 200);
    assertThat(Arrays.stream(differences).filter(d -> d <= ROUNDING).count())
        .isGreaterThanOrEqualTo(198);
  }

  /**
   * A change of one image's gradient reaches the others of its cell through the statistics of the
   * batch: a hundredth in one was measured to be 4e-5 in the others.
   */
  @ParameterizedTest
  @MethodSource("networksOfPaper")
  void agreesWithTheReferenceOnRealImagesInNormalizedCells(GridNetwork network) throws IOException {
    double[] differences = differencesOnRealImages(config("paper"), network, 200);
    assertThat(Arrays.stream(differences).filter(d -> d <= 1e-4).count())
        .isGreaterThanOrEqualTo(190);
  }

  /** Without kinks nothing but rounding is left. */
  @ParameterizedTest
  @MethodSource("networksOfPaper")
  void agreesWithTheReferenceOnEveryRealImageIfSmooth(GridNetwork network) throws IOException {
    NetworkSpec smooth =
        new NetworkSpec(network.spec().convolutions(), new Activation.Silu(), true);
    double[] differences =
        differencesOnRealImages(config("paper"), new GridNetwork(smooth, network.shape()), 25);
    assertThat(Arrays.stream(differences).max().orElseThrow()).isLessThanOrEqualTo(ROUNDING);
  }

  /** As {@link #gradientDifferences}, in cells of 25 with the initial parameters of a preset. */
  private static double[] differencesOnRealImages(RunConfig config, GridNetwork network, int count)
      throws IOException {
    ImageBatch images = realImages(network.shape(), count, config.learning().langevin().range());
    float[] parameters =
        config.initial().draw(network, 0, NoiseStream.of(5, NoiseStream.Purpose.WEIGHTS));
    try (EnergyEngine reference = new ReferenceEngine(network);
        EnergyEngine fused = new FusedEngine(network)) {
      reference.load(parameters);
      fused.load(parameters);
      return IntStream.range(0, count / 25)
          .mapToObj(cell -> images.slice(25 * cell, 25 * (cell + 1)))
          .flatMapToDouble(cell -> Arrays.stream(gradientDifferences(fused, reference, cell)))
          .toArray();
    }
  }

  @Test
  void stepsOfChainsAgreeWithTheReference() throws IOException {
    ImageBatch start = realImages(WINOGRAD.shape(), 16, PixelRange.SIGNED_UNIT);
    ImageBatch fused = start.copy();
    ImageBatch reference = start.copy();
    runChain(new FusedEngine(WINOGRAD), fused, 1);
    runChain(new ReferenceEngine(WINOGRAD), reference, 1);
    assertThat(fused).isNotEqualTo(start);
    assertThat(fused.pixels()).containsExactly(reference.pixels(), offset((float) ROUNDING));
  }

  /**
   * Rounding and kinks drive single chains apart; their statistics must differ by less than chance
   * alone would move them, which is about the standard error of the mean of the pixels.
   */
  @Test
  void longChainsAgreeWithTheReferenceStatistically() throws IOException {
    ImageBatch start = realImages(WINOGRAD.shape(), 16, PixelRange.SIGNED_UNIT);
    ImageBatch fused = start.copy();
    ImageBatch reference = start.copy();
    double fusedStrength = runChain(new FusedEngine(WINOGRAD), fused, 30);
    double referenceStrength = runChain(new ReferenceEngine(WINOGRAD), reference, 30);
    double mean = mean(reference.pixels());
    double deviation = deviation(reference.pixels());
    double tolerance = 0.5 * deviation / Math.sqrt(start.pixels().length);
    assertThat(mean(fused.pixels())).isCloseTo(mean, offset(tolerance));
    assertThat(deviation(fused.pixels())).isCloseTo(deviation, offset(tolerance));
    assertThat(fusedStrength).isCloseTo(referenceStrength, offset(0.01 * referenceStrength));
  }

  private static double runChain(EnergyEngine engine, ImageBatch images, int steps) {
    try (engine) {
      engine.load(parameters(engine.network()));
      LangevinSettings settings =
          new LangevinSettings(steps, 20f, 0.02f, Float.POSITIVE_INFINITY, PixelRange.SIGNED_UNIT);
      return chain(engine, settings, images).gradientStrengthSum();
    }
  }

  private static ChainDiagnostics chain(
      EnergyEngine engine, LangevinSettings settings, ImageBatch images) {
    return new LangevinChain(engine, settings)
        .run(
            images,
            new ChainNoise(NoiseStream.of(5, NoiseStream.Purpose.LANGEVIN), 1, 0, 0),
            Collections.nCopies(images.count(), "image"));
  }

  static Stream<GridNetwork> repeatedNetworks() {
    return Stream.of(DIRECT, WINOGRAD);
  }

  @ParameterizedTest
  @MethodSource("repeatedNetworks")
  void aThousandRepetitionsAndTwoThreadsGiveTheSameBits(GridNetwork network) throws Exception {
    ImageBatch images = images(network, 2);
    float[] first = new float[images.pixels().length];
    try (EnergyEngine engine = loaded(network)) {
      engine.inputGradient(images, first);
      assertSameBits(engine, images, first, 1000);
    }
    Callable<Boolean> task =
        () -> {
          try (EnergyEngine engine = loaded(network)) {
            assertSameBits(engine, images, first, 200);
            return true;
          }
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (Future<Boolean> result : threads.invokeAll(List.of(task, task))) {
        assertThat(result.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
  }

  private static void assertSameBits(
      EnergyEngine engine, ImageBatch images, float[] expected, int repetitions) {
    float[] gradient = new float[expected.length];
    for (int repetition = 0; repetition < repetitions; repetition++) {
      Arrays.fill(gradient, Float.NaN);
      engine.inputGradient(images, gradient);
      assertThat(Arrays.equals(gradient, expected)).as("repetition %d", repetition).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("repeatedNetworks")
  void aBatchOfAnotherSizeAndBackChangesNoBit(GridNetwork network) {
    try (EnergyEngine engine = loaded(network)) {
      ImageBatch three = images(network, 3);
      float[] before = inputGradient(engine, three);
      float[] weights = {1f, -2f, 0.5f};
      float[] parametersBefore = engine.parameterGradient(three, weights);
      inputGradient(engine, images(network, 5));
      assertThat(inputGradient(engine, three)).containsExactly(before);
      assertThat(engine.parameterGradient(three, weights)).containsExactly(parametersBefore);
    }
  }

  @ParameterizedTest
  @MethodSource("repeatedNetworks")
  void newParametersAreThoseOfEveryLaterBatch(GridNetwork network) {
    float[] other =
        InitialParameters.XAVIER_UNIFORM.draw(
            network, 1, NoiseStream.of(9, NoiseStream.Purpose.WEIGHTS));
    ImageBatch three = images(network, 3);
    ImageBatch five = images(network, 5);
    try (EnergyEngine engine = loaded(network);
        EnergyEngine fresh = create(network)) {
      fresh.load(other);
      float[] ofThree = inputGradient(fresh, three);
      float[] ofFive = inputGradient(fresh, five);
      assertThat(inputGradient(engine, three)).isNotEqualTo(ofThree);
      inputGradient(engine, five);
      engine.load(other);
      assertThat(inputGradient(engine, five)).containsExactly(ofFive);
      assertThat(inputGradient(engine, three)).containsExactly(ofThree);
    }
  }

  @Test
  void keepsACopyOfTheParameters() {
    ImageBatch images = images(DIRECT, 2);
    try (EnergyEngine engine = create(DIRECT)) {
      float[] parameters = parameters(DIRECT);
      engine.load(parameters);
      float[] before = engine.values(images);
      Arrays.fill(parameters, 3f);
      engine.values(images(DIRECT, 3));
      assertThat(engine.values(images)).containsExactly(before);
    }
  }

  @ParameterizedTest
  @MethodSource("repeatedNetworks")
  void parametersAreZeroUntilTheyAreLoaded(GridNetwork network) {
    try (EnergyEngine engine = create(network)) {
      ImageBatch images = images(network, 2);
      assertThat(largest(engine.values(images))).isZero();
      assertThat(largest(inputGradient(engine, images))).isZero();
    }
  }

  static Stream<GridNetwork> divergingNetworks() {
    return Stream.of(
        DIRECT,
        WINOGRAD,
        network("5x5/2-8, 3x3-8, dense 1", "relu", false, 3, 8),
        network("3x3-8, 3x3-8, dense 1", "silu", false, 1, 8));
  }

  @ParameterizedTest
  @MethodSource("divergingNetworks")
  void chainsReportParametersThatAreTooLarge(GridNetwork network) {
    float[] parameters = parameters(network);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] *= 1e30f;
    }
    try (EnergyEngine engine = create(network)) {
      engine.load(parameters);
      LangevinSettings settings =
          new LangevinSettings(2, 1f, 0.02f, Float.POSITIVE_INFINITY, PixelRange.SIGNED_UNIT);
      assertThatThrownBy(() -> chain(engine, settings, images(network, 2)))
          .isInstanceOf(DivergedChainException.class);
    }
  }

  /** As with the reference, the gradient of the pixels may be finite: slopes have two values. */
  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f})
  void pixelsThatAreNoNumbersAreLearnedFromAsSuchAndForgotten(float pixel) {
    for (GridNetwork network : divergingNetworks().toList()) {
      try (EnergyEngine engine = loaded(network)) {
        ImageBatch images = images(network, 2);
        float[] before = inputGradient(engine, images);
        ImageBatch broken = images.copy();
        broken.pixels()[network.shape().size() / 2] = pixel;
        inputGradient(engine, broken);
        engine.values(broken);
        float[] learned = engine.parameterGradient(broken, new float[] {1f, 1f});
        if (!Float.isFinite(pixel)) {
          assertThat(finite(learned)).as(network.toString()).isFalse();
        }
        assertThat(inputGradient(engine, images)).containsExactly(before);
      }
    }
  }

  private static boolean finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** Parameters with gamma and beta that do something. */
  private static float[] shaken(GridNetwork network) {
    float[] parameters = parameters(network);
    float[] moves = new float[parameters.length];
    NoiseStream.of(8, NoiseStream.Purpose.WEIGHTS).uniforms(NoiseAddress.of(0, 0), moves);
    for (Network.Tensor tensor : network.tensors()) {
      if (tensor.role() == Network.Role.GAMMA || tensor.role() == Network.Role.BETA) {
        for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
          parameters[i] += moves[i] - 0.5f;
        }
      }
    }
    return parameters;
  }

  private static RunConfig config(String preset) {
    return RunConfig.of(ConfigLayers.load(Optional.empty(), List.of("preset=" + preset)));
  }

  /** Images of the embedded set, as preparation and the pyramid bring them to a grid. */
  private static ImageBatch realImages(ImageShape shape, int count, PixelRange range)
      throws IOException {
    ImageFitting fitting =
        new ImageFitting(shape.withSide(Math.max(shape.side(), 32)), ImageFit.RESIZE, 0);
    ImageSource source = new EmbeddedSource("fashion-mnist-10k");
    List<String> names = source.names().subList(0, count);
    ImageBatch images = ImageBatch.zeros(fitting.shape(), count);
    try (ImageSource.Reader reader = source.open()) {
      int at = 0;
      for (String name : names) {
        for (byte pixel : fitting.apply(reader.read(name).pixels())) {
          images.pixels()[at++] = range.fromByte(pixel);
        }
      }
    }
    return GridLadder.average(images, shape.side());
  }

  /** Of each image, the largest difference as a share of the largest entry of its gradient. */
  private static double[] gradientDifferences(
      EnergyEngine engine, EnergyEngine reference, ImageBatch images) {
    float[] actual = inputGradient(engine, images);
    float[] expected = inputGradient(reference, images);
    double[] differences = new double[images.count()];
    int size = images.shape().size();
    for (int i = 0; i < differences.length; i++) {
      differences[i] =
          difference(
              Arrays.copyOfRange(actual, i * size, (i + 1) * size),
              Arrays.copyOfRange(expected, i * size, (i + 1) * size));
    }
    return differences;
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(difference(actual, expected)).isLessThanOrEqualTo(ROUNDING);
  }

  private static double difference(float[] actual, float[] expected) {
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
    }
    return difference / largest(expected);
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double deviation(float[] values) {
    double mean = mean(values);
    double squares = 0;
    for (float value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / values.length);
  }

  private static float[] inputGradient(EnergyEngine engine, ImageBatch images) {
    float[] gradient = new float[images.pixels().length];
    engine.inputGradient(images, gradient);
    return gradient;
  }
}
