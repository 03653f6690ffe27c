package org.gridscape.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.gridscape.energy.Activation;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.MapEngine;
import org.gridscape.energy.MapNetwork;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.gridscape.pyramid.GridLadder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two grids of 2x2 and 4x4 pixels, thumbnails of 2x2, on the chosen engine. */
class GeneratorTest {
  private static final int IMAGES = 3;
  private static final ImageShape CODE = new ImageShape(1, 2);
  private static final ImageShape TOP = new ImageShape(1, 4);
  private static final Activation SMOOTH = new Activation.Silu();
  private static final List<MapNetwork> UPSAMPLERS =
      List.of(
          map("3x3-3, 3x3-image", "image", "upsampler-2", CODE, CODE),
          map("3x3-3, 3x3-image", "image", "upsampler-4", TOP, TOP));
  private static final MapNetwork ENCODER = map("3x3/2-3, 3x3-code", "code", "encoder", TOP, CODE);
  private static final GeneratorLosses ALL = new GeneratorLosses(1, 1, 0.3, 1, 0.1, 0.01);
  private static final HiddenSpace SPACE =
      HiddenSpace.of(
          CODE,
          new double[] {0.1, -0.2, 0.05, 0},
          new double[][] {
            {0.09, 0.02, 0, 0}, {0.02, 0.04, 0.01, 0}, {0, 0.01, 0.16, 0.03}, {0, 0, 0.03, 0.05}
          });

  private final List<MapEngine> opened = new ArrayList<>();
  private final ImageBatch observed = images(TOP, 1, 0.3f);
  private final GeneratorLearner.Images cell =
      new GeneratorLearner.Images(
          observed,
          List.of(GridLadder.average(observed, 2), observed),
          images(CODE, 2, 1),
          List.of(images(CODE, 3, 0.3f), images(TOP, 4, 0.3f)));

  @AfterEach
  void close() {
    opened.forEach(MapEngine::close);
  }

  @Test
  void startsAsReplicationAndWhitening() {
    GeneratorSpec spec = spec(ALL);
    Generator generator = generator(spec, initial());
    ImageBatch coarser = images(CODE, 8, 0.3f);
    assertThat(generator.upsample(1, 4, coarser)).isEqualTo(GridLadder.replicate(coarser, 4));
    assertThat(generator.encode(observed)).isEqualTo(SPACE.codes(GridLadder.average(observed, 2)));
  }

  @Test
  void whatLeavesTheRangeIsClipped() {
    Generator generator = generator(spec(ALL), initial());
    ImageBatch outside = new ImageBatch(CODE, 1, new float[] {-3, 0, 0.5f, 7});
    assertThat(generator.upsample(0, 2, outside).pixels()).containsExactly(-1, 0, 0.5f, 1);
  }

  @Test
  void codesDependOnTheirAddressAlone() {
    Generator generator = generator(spec(ALL), initial());
    NoiseStream stream = NoiseStream.of(7, NoiseStream.Purpose.CODE);
    assertThat(generator.draw(stream, 3, 2, 5).slice(0, 2))
        .isEqualTo(generator.draw(stream, 3, 2, 2));
    assertThat(generator.draw(stream, 3, 2, 2)).isNotEqualTo(generator.draw(stream, 4, 2, 2));
  }

  /** Each loss by itself: its gradient against differences of what the statistics say. */
  @Test
  void gradientsAreThoseOfTheLosses() {
    assertGradient(new GeneratorLosses(1, 0, 1, 0, 3, 0), s -> s.match(), 0, 1);
    assertGradient(new GeneratorLosses(0, 0, 1, 0.5, 0, 0), s -> 0.5 * s.reconstruct());
  }

  /** Regression on results does not move their codes: they are data to it. */
  @Test
  void chainsTeachUpsamplersAndTheEncoderFindsCodes() {
    assertGradient(new GeneratorLosses(0, 2, 0.5, 0, 3, 0), s -> 4 * s.teach(), 0, 1);
    assertGradient(new GeneratorLosses(1, 0, 1, 0, 3, 0), s -> 3 * s.code(), 2);
    assertGradient(new GeneratorLosses(1, 0, 1, 0, 0, 5), s -> 5 * s.normal(), 2);
  }

  /** Taught with the codes that chains started from, upsamplers would collapse to their mean. */
  @Test
  void chainsTeachWithTheCodesOfTheirResults() {
    Generator generator = generator(spec(new GeneratorLosses(0, 1, 1, 0, 0.1, 0)), moved());
    ImageBatch result = cell.synthesized().get(1);
    ImageBatch coarse = generator.thumbnails(generator.encode(result));
    double expected =
        squaredDistance(generator.upsampleUnclipped(0, coarse), cell.synthesized().get(0))
            + squaredDistance(
                generator.upsampleUnclipped(1, GridLadder.replicate(cell.synthesized().get(0), 4)),
                result);
    GeneratorGradient learned = GeneratorLearner.learn(generator, cell);
    assertThat(learned.statistics().teach()).isCloseTo(expected, within(1e-4));
    GeneratorLearner.Images otherCodes =
        new GeneratorLearner.Images(
            observed, cell.pyramid(), images(CODE, 9, 1), cell.synthesized());
    GeneratorGradient other = GeneratorLearner.learn(generator, otherCodes);
    assertThat(other.gradients().subList(0, 2))
        .usingRecursiveComparison()
        .isEqualTo(learned.gradients().subList(0, 2));
    assertThat(other.gradients().get(2)).isNotEqualTo(learned.gradients().get(2));
  }

  private static double squaredDistance(ImageBatch first, ImageBatch second) {
    double sum = 0;
    for (int i = 0; i < first.pixels().length; i++) {
      sum += Math.pow(first.pixels()[i] - second.pixels()[i], 2);
    }
    return sum;
  }

  @Test
  void statisticsAreSumsOfSquares() {
    Generator generator = generator(spec(new GeneratorLosses(1, 0, 1, 0, 0.1, 0)), initial());
    double expected = 0;
    float[] replicated = GridLadder.replicate(cell.pyramid().get(0), 4).pixels();
    for (int i = 0; i < replicated.length; i++) {
      expected += Math.pow(replicated[i] - observed.pixels()[i], 2);
    }
    assertThat(GeneratorLearner.learn(generator, cell).statistics().match())
        .isCloseTo(expected, within(1e-6));
  }

  @Test
  void rejectsWhatDoesNotFit() {
    assertThatThrownBy(() -> new GeneratorSpec(0, UPSAMPLERS, List.of(), GeneratorLosses.NONE))
        .hasMessage(
            "Invalid generator.hiddenSide: 0 (must be the side of a thumbnail, since"
                + " generator.upsampler or generator.encoder is given)");
    assertThatThrownBy(() -> new GeneratorSpec(2, List.of(), List.of(ENCODER), ALL))
        .hasMessage(
            "Invalid generator.encoder: given (must be empty without generator.upsampler, which it"
                + " serves)");
    assertThatThrownBy(() -> spec(GeneratorLosses.NONE))
        .hasMessage(
            "Invalid generator.loss: match, teach and reconstruct are 0 (must not all be, since"
                + " generator.upsampler is given)");
    assertThatThrownBy(() -> spec(new GeneratorLosses(1, 0, 1, 0, 0, 0)))
        .hasMessage(
            "Invalid generator.loss: reconstruct, code and normal are 0 (must not all be, since"
                + " generator.encoder is given)");
    assertThatThrownBy(() -> new GeneratorSpec(2, UPSAMPLERS, List.of(), ALL))
        .hasMessage(
            "Invalid generator.loss: code 0.1, normal 0.01 (must be 0 without generator.encoder)");
    assertThatThrownBy(() -> new GeneratorLosses(-1, 0, 1, 0, 0, 0))
        .hasMessage("Invalid generator.loss.match: -1.0 (must be >= 0 and finite)");
    assertThatThrownBy(() -> new GeneratorLosses(1, 0, 0, 0, 0, 0))
        .hasMessage("Invalid generator.loss.deviation: 0.0 (must be > 0 and finite)");
    assertThatThrownBy(() -> map("3x3-3", "image", "upsampler-2", CODE, CODE))
        .hasMessage("Invalid generator.test: \"3x3-3\" (must end with a layer like \"3x3-image\")");
    assertThatThrownBy(() -> map("3x3/2-image", "image", "upsampler-4", TOP, TOP))
        .hasMessage(
            "Invalid generator.test: \"3x3/2-image\" makes 1x2x2 of 1x4x4 (must make 1x4x4)");
  }

  private void assertGradient(GeneratorLosses losses, ToDoubleFunction<GeneratorStatistics> loss) {
    assertGradient(losses, loss, 0, 1, 2);
  }

  private void assertGradient(
      GeneratorLosses losses, ToDoubleFunction<GeneratorStatistics> loss, int... networks) {
    GeneratorSpec spec = spec(losses);
    List<float[]> parameters = moved();
    List<float[]> gradients = GeneratorLearner.learn(generator(spec, parameters), cell).gradients();
    for (int network : networks) {
      float[] gradient = gradients.get(network);
      for (int i = 0; i < gradient.length; i += 7) {
        double slope =
            (weighted(spec, parameters, network, i, 0.01f, loss)
                    - weighted(spec, parameters, network, i, -0.01f, loss))
                / 0.02;
        assertThat((double) gradient[i])
            .as("%s, network %d, parameter %d", losses, network, i)
            .isCloseTo(-slope, within(2e-3 * Math.max(1, Math.abs(slope))));
      }
    }
  }

  private double weighted(
      GeneratorSpec spec,
      List<float[]> parameters,
      int network,
      int i,
      float step,
      ToDoubleFunction<GeneratorStatistics> loss) {
    List<float[]> changed = new ArrayList<>(parameters);
    changed.set(network, parameters.get(network).clone());
    changed.get(network)[i] += step;
    Generator generator = generator(spec, changed);
    return loss.applyAsDouble(GeneratorLearner.learn(generator, cell).statistics());
  }

  private Generator generator(GeneratorSpec spec, List<float[]> parameters) {
    List<MapEngine> engines = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      MapEngine engine = ChosenEngine.kind().create(spec.networks().get(i));
      engine.load(parameters.get(i));
      engines.add(engine);
      opened.add(engine);
    }
    return new Generator(spec, SPACE, PixelRange.SIGNED_UNIT, engines);
  }

  private static GeneratorSpec spec(GeneratorLosses losses) {
    return new GeneratorSpec(2, UPSAMPLERS, List.of(ENCODER), losses);
  }

  private static List<float[]> initial() {
    return spec(ALL).networks().stream()
        .map(network -> new float[network.parameterCount()])
        .toList();
  }

  /** Random parameters everywhere, the last layers included. */
  private static List<float[]> moved() {
    List<float[]> parameters = initial();
    for (int i = 0; i < parameters.size(); i++) {
      NoiseStream.of(11, NoiseStream.Purpose.WEIGHTS)
          .normals(NoiseAddress.of(0, i), parameters.get(i));
      for (int j = 0; j < parameters.get(i).length; j++) {
        parameters.get(i)[j] *= 0.15f;
      }
    }
    return parameters;
  }

  private static MapNetwork map(
      String text, String word, String name, ImageShape input, ImageShape output) {
    return MapNetwork.parse("generator.test", text, word, name, SMOOTH, input, output);
  }

  private static ImageBatch images(ImageShape shape, int number, float deviation) {
    ImageBatch images = ImageBatch.zeros(shape, IMAGES);
    NoiseStream.of(13, NoiseStream.Purpose.DATA)
        .normals(NoiseAddress.of(0, number), images.pixels());
    for (int i = 0; i < images.pixels().length; i++) {
      images.pixels()[i] = PixelRange.SIGNED_UNIT.clip(deviation * images.pixels()[i]);
    }
    return images;
  }
}
