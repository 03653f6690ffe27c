package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gridscape.energy.Activation;
import org.gridscape.energy.DoubleNetwork;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.InitialParameters;
import org.gridscape.energy.NetworkSpec;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.ChainStart;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.gridscape.pyramid.GridLadder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The penalty of w-GCN in the gradient of a cell of 8x8 images on the grids 4 and 8. */
class CellPenaltyTest {
  private static final GridLadder LADDER = new GridLadder(List.of(1, 4, 8));
  private static final List<Double> GAMMAS = List.of(0.3, 0.7);
  private static final int IMAGES = 5;
  private static final int ITERATIONS = 101;
  private final List<RecordingEngine> engines = new ArrayList<>();

  @AfterEach
  void closeEngines() {
    engines.forEach(EnergyEngine::close);
  }

  /**
   * The part of the gradient that the penalty adds, along a random direction, against central
   * differences in double of the sum over images and pixels.
   */
  @ParameterizedTest
  @CsvSource({
    "leaky-relu(0.2), minimal-image, 0.5",
    "leaky-relu(0.2), minimal-image, 0",
    "leaky-relu(0.2), minimal-image, 1",
    "leaky-relu(0.2), data, 0.25",
    "relu, persistent, 0.5",
    "silu, noise, 0.5",
    "silu, minimal-image, 0.25"
  })
  void takesOffTheGradientOfThePenaltySummedOverImagesAndPixels(
      String activation, String start, double beta) {
    make(activation);
    CellGradient plain = learn(start, GradientPenalty.none(2), 1);
    CellGradient learned = learn(start, new GradientPenalty(GAMMAS, beta, 1), 1);
    for (int grid = 0; grid < 2; grid++) {
      float[] direction = normals(plain.gradients().get(grid).length, 91);
      double taken =
          dot(plain.gradients().get(grid), direction)
              - dot(learned.gradients().get(grid), direction);
      double step = 1e-6;
      double expected =
          GAMMAS.get(grid)
              * (penalty(grid, beta, direction, step) - penalty(grid, beta, direction, -step))
              / (2 * step);
      assertThat(Math.abs(expected)).isGreaterThan(0.01);
      assertThat(taken).isCloseTo(expected, offset(1e-3 * Math.abs(expected) + 1e-4));
    }
  }

  @Test
  void reportsWhatItComputed() {
    make("leaky-relu(0.2)");
    double beta = 0.25;
    CellGradient learned = learn("minimal-image", new GradientPenalty(GAMMAS, beta, 1), ITERATIONS);
    for (int grid = 0; grid < 2; grid++) {
      RecordingEngine engine = engines.get(grid);
      float[] none = new float[engine.network().parameterCount()];
      double observed = squares(grid, engine.observed(), none, 0) / IMAGES;
      double synthesized = squares(grid, engine.synthesized(), none, 0) / IMAGES;
      double total = beta * observed + (1 - beta) * synthesized;
      GridStatistics statistics = learned.statistics().get(grid);
      assertThat(statistics.gamma()).isCloseTo(GAMMAS.get(grid), offset(1e-12));
      assertThat(statistics.observedSquaredSlope()).isCloseTo(observed, offset(1e-5 * observed));
      assertThat(statistics.synthesizedSquaredSlope())
          .isCloseTo(synthesized, offset(1e-5 * synthesized));
      assertThat(statistics.meanPenalty()).isCloseTo(total, offset(1e-5 * total));
    }
  }

  @Test
  void aSideWithoutAShareIsNotComputed() {
    make("relu");
    CellGradient low = learn("data", new GradientPenalty(GAMMAS, 0, 1), 1);
    assertThat(engines.get(1).penalized()).containsExactly(engines.get(1).synthesized());
    assertThat(low.statistics().get(1).observedSquaredSlope()).isZero();
    assertThat(low.statistics().get(1).meanPenalty())
        .isEqualTo(low.statistics().get(1).synthesizedSquaredSlope())
        .isPositive();
    CellGradient high = learn("data", new GradientPenalty(GAMMAS, 1, 1), 1);
    assertThat(engines.get(1).penalized()).last().isEqualTo(engines.get(1).observed());
    assertThat(engines.get(1).penalized()).hasSize(2);
    assertThat(high.statistics().get(1).synthesizedSquaredSlope()).isZero();
    assertThat(high.statistics().get(1).meanPenalty())
        .isEqualTo(high.statistics().get(1).observedSquaredSlope())
        .isPositive();
  }

  /** A grid of weight 0 beside one that has one. */
  @ParameterizedTest
  @ValueSource(strings = {"leaky-relu(0.2)", "silu"})
  void withoutWeightEveryBitIsThatOfThePlainGradient(String activation) {
    make(activation);
    CellGradient plain = learn("minimal-image", GradientPenalty.none(2), 1);
    assertThat(engines).allSatisfy(engine -> assertThat(engine.penalized()).isEmpty());
    CellGradient half = learn("minimal-image", new GradientPenalty(List.of(0.0, 0.5), 0.5, 1), 1);
    assertThat(engines.get(0).penalized()).isEmpty();
    assertThat(half.gradients().get(0)).containsExactly(plain.gradients().get(0));
    assertThat(half.statistics().get(0)).isEqualTo(plain.statistics().get(0));
    assertThat(half.gradients().get(1)).isNotEqualTo(plain.gradients().get(1));
    assertThat(half.statistics().get(1)).isNotEqualTo(plain.statistics().get(1));
  }

  @Test
  void theWeightFallsInAStraightLine() {
    make("relu");
    GradientPenalty falling = new GradientPenalty(GAMMAS, 0.5, 0.1);
    for (int iteration : new int[] {1, 51, ITERATIONS}) {
      double share = 1 - 0.9 * (iteration - 1) / 100;
      GradientPenalty level =
          new GradientPenalty(GAMMAS.stream().map(gamma -> share * gamma).toList(), 0.5, 1);
      CellGradient learned = learn("noise", falling, iteration);
      CellGradient expected = learn("noise", level, iteration);
      for (int grid = 0; grid < 2; grid++) {
        assertThat(learned.statistics().get(grid).gamma())
            .isCloseTo(share * GAMMAS.get(grid), offset(1e-12));
        assertThat(learned.gradients().get(grid))
            .containsExactly(expected.gradients().get(grid), offset(1e-6f));
      }
    }
    GradientPenalty vanishing = new GradientPenalty(GAMMAS, 0.5, 0);
    assertThat(learn("noise", vanishing, ITERATIONS).gradients().get(1))
        .containsExactly(learn("noise", GradientPenalty.none(2), ITERATIONS).gradients().get(1));
  }

  private void make(String activation) {
    for (int grid = 0; grid < 2; grid++) {
      GridNetwork network =
          new GridNetwork(
              NetworkSpec.parse("3x3-6, 3x3/2-8, dense 1", Activation.parse(activation), false),
              new ImageShape(1, LADDER.gridSides().get(grid)));
      engines.add(new RecordingEngine(network, parameters(network, grid)));
    }
  }

  private CellGradient learn(String start, GradientPenalty penalty, int iteration) {
    LangevinSettings langevin =
        new LangevinSettings(4, 1f, 0.05f, Float.POSITIVE_INFINITY, PixelRange.SIGNED_UNIT);
    LearningSettings settings =
        new LearningSettings(
            LADDER,
            langevin,
            ChainStart.parse(start),
            0.1f,
            true,
            0,
            penalty,
            new StepSchedule(langevin.steps(), 1),
            ITERATIONS,
            21L,
            0);
    float[] pixels = normals(IMAGES * 64, 50);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = PixelRange.SIGNED_UNIT.clip(0.4f * pixels[i]);
    }
    ImageBatch observed = new ImageBatch(new ImageShape(1, 8), IMAGES, pixels);
    List<String> ids = IntStream.range(0, IMAGES).mapToObj(i -> "id " + i).toList();
    return new CellLearner(settings, List.copyOf(engines))
        .learn(new Cell(iteration, 2, observed, ids, List.of()));
  }

  private double penalty(int grid, double beta, float[] direction, double step) {
    RecordingEngine engine = engines.get(grid);
    return beta * squares(grid, engine.observed(), direction, step)
        + (1 - beta) * squares(grid, engine.synthesized(), direction, step);
  }

  /** Sum over images and pixels of df/dx squared, parameters moved along a direction. */
  private double squares(int grid, ImageBatch images, float[] direction, double step) {
    GridNetwork network = engines.get(grid).network();
    double[] moved = widened(parameters(network, grid));
    for (int i = 0; i < moved.length; i++) {
      moved[i] += step * direction[i];
    }
    DoubleNetwork exact = new DoubleNetwork(network, moved);
    return IntStream.range(0, images.count())
        .mapToObj(i -> exact.inputGradient(widened(images.slice(i, i + 1).pixels())))
        .flatMapToDouble(Arrays::stream)
        .map(slope -> slope * slope)
        .sum();
  }

  /** Thrice the initial ones, so that slopes are not small. */
  private static float[] parameters(GridNetwork network, int grid) {
    float[] parameters =
        InitialParameters.FAN_IN_UNIFORM.draw(
            network, grid, NoiseStream.of(3, NoiseStream.Purpose.WEIGHTS));
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] *= 3;
    }
    return parameters;
  }

  private static double[] widened(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static float[] normals(int count, int cell) {
    float[] values = new float[count];
    NoiseStream.of(8, NoiseStream.Purpose.DATA).normals(NoiseAddress.of(0, cell), values);
    return values;
  }

  private static double dot(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> (double) a[i] * b[i]).sum();
  }
}
