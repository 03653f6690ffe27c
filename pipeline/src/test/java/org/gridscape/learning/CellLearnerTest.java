package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.gridscape.energy.Activation;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.InitialParameters;
import org.gridscape.energy.NetworkSpec;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.ChainStart;
import org.gridscape.langevin.DivergedChainException;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.gridscape.pyramid.GridLadder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One cell of 8x8 images on the grids 4 and 8. */
class CellLearnerTest {
  private static final GridLadder LADDER = new GridLadder(List.of(1, 4, 8));
  private static final PixelRange RANGE = PixelRange.SIGNED_UNIT;
  private static final ChainStart MULTI_GRID = new ChainStart.MinimalImage();
  private static final int STEPS = 4;
  private final List<RecordingEngine> engines = new ArrayList<>();

  @BeforeEach
  void makeEngines() {
    for (int grid = 0; grid < LADDER.grids(); grid++) {
      engines.add(new RecordingEngine(network(grid), parameters(grid, 3)));
    }
  }

  @AfterEach
  void closeEngines() {
    engines.forEach(EnergyEngine::close);
  }

  /** With the chains where they ended: along a random direction, by central differences. */
  @ParameterizedTest
  @ValueSource(floats = {0f, 0.4f})
  void gradientIsThatOfTheContrastLessThePenalty(float penalty) {
    CellGradient learned = learn(settings(MULTI_GRID, 0, false, penalty), cell(6, 0));
    for (int grid = 0; grid < LADDER.grids(); grid++) {
      float[] gradient = learned.gradients().get(grid);
      float[] direction = normals(gradient.length, 91);
      float step = 3e-4f;
      double difference =
          (objective(grid, direction, step, penalty) - objective(grid, direction, -step, penalty))
              / (2 * step);
      assertThat(dot(gradient, direction))
          .isCloseTo(difference, offset(0.01 * Math.sqrt(dot(gradient, gradient)) + 1e-3));
    }
  }

  @Test
  void aStepAlongTheGradientRaisesTheGap() {
    CellGradient learned = learn(settings(MULTI_GRID, 0, false, 0), cell(6, 0));
    for (int grid = 0; grid < LADDER.grids(); grid++) {
      double before = 6 * learned.statistics().get(grid).energyGap();
      assertThat(objective(grid, learned.gradients().get(grid), 0f, 0))
          .isCloseTo(before, offset(1e-5));
      assertThat(objective(grid, learned.gradients().get(grid), 1e-3f, 0)).isGreaterThan(before);
    }
  }

  @Test
  void chainsStartFromTheMinimalImageThenFromTheCoarserGrid() {
    Cell cell = cell(5, 0);
    learn(settings(MULTI_GRID, 0.1f, false, 0), cell);
    ImageBatch minimal = GridLadder.average(cell.observed(), 1);
    assertThat(engines.get(0).chain()).hasSize(STEPS);
    assertThat(engines.get(0).chain().get(0)).isEqualTo(GridLadder.replicate(minimal, 4));
    ImageBatch second = engines.get(1).chain().get(0);
    assertThat(GridLadder.average(second, 4)).isEqualTo(engines.get(0).synthesized());
    assertThat(second).isEqualTo(GridLadder.replicate(engines.get(0).synthesized(), 8));
  }

  @Test
  void chainsFromDataStartAtTheObservedImages() {
    learn(settings(new ChainStart.Data(), 0.2f, true, 0), cell(5, 0));
    engines.forEach(engine -> assertThat(engine.chain().get(0)).isEqualTo(engine.observed()));
  }

  @Test
  void chainsFromNoiseStartAnewAtEveryIteration() {
    LearningSettings settings = settings(new ChainStart.Noise(), 0, false, 0);
    learn(settings, cell(5, 1));
    learn(settings, cell(5, 2));
    for (RecordingEngine engine : engines) {
      ImageBatch first = engine.chain().get(0);
      assertInside(first.pixels());
      assertThat(mean(first.pixels())).isCloseTo(0, offset(4 / Math.sqrt(3.0 * 80)));
      assertThat(engine.chain().get(STEPS)).isNotEqualTo(first);
    }
  }

  @Test
  void persistentChainsStartOnceAndGoOnFromTheirStates() {
    LearningSettings settings = settings(new ChainStart.Persistent(), 0, false, 0);
    CellGradient first = learn(settings, cell(5, 1));
    assertThat(first.states()).hasSize(2);
    assertThat(first.states().get(1)).isEqualTo(engines.get(1).synthesized());
    Cell fresh = cell(5, 2);
    learn(settings, fresh);
    assertThat(engines.get(0).chain().get(STEPS)).isEqualTo(engines.get(0).chain().get(0));
    List<ImageBatch> before = first.states().stream().map(ImageBatch::copy).toList();
    learn(settings, new Cell(3, fresh.number(), fresh.observed(), fresh.ids(), first.states()));
    for (int grid = 0; grid < 2; grid++) {
      assertThat(engines.get(grid).chain().get(2 * STEPS)).isEqualTo(before.get(grid));
      assertThat(first.states().get(grid)).isEqualTo(before.get(grid));
    }
  }

  @Test
  void otherStartsKeepNoStates() {
    assertThat(learn(settings(MULTI_GRID, 0, false, 0), cell(2, 0)).states()).isEmpty();
  }

  @Test
  void flipsHalfOfTheImagesAndNothingElse() {
    Cell cell = cell(64, 0);
    learn(settings(MULTI_GRID, 0, true, 0), cell);
    int mirrored = 0;
    for (int slot = 0; slot < 64; slot++) {
      ImageBatch image = cell.observed().slice(slot, slot + 1);
      ImageBatch learned = engines.get(1).observed().slice(slot, slot + 1);
      if (!learned.equals(image)) {
        assertThat(learned).isEqualTo(mirror(image));
        mirrored++;
      }
    }
    assertThat(mirrored).isBetween(20, 44);
    assertThat(engines.get(0).observed())
        .isEqualTo(GridLadder.average(engines.get(1).observed(), 4));
  }

  @Test
  void dataNoiseIsReflectedIntoTheRange() {
    float deviation = 0.4f;
    ImageBatch white = ImageBatch.zeros(new ImageShape(1, 8), 64);
    java.util.Arrays.fill(white.pixels(), 1f);
    learn(
        settings(MULTI_GRID, deviation, false, 0),
        new Cell(1, 0, white, Collections.nCopies(64, "white"), List.of()));
    float[] pixels = engines.get(1).observed().pixels();
    assertInside(pixels);
    int atTheBorder = 0;
    for (float pixel : pixels) {
      atTheBorder += pixel == 1 ? 1 : 0;
    }
    assertThat(atTheBorder).isLessThan(pixels.length / 100);
    double expected = 1 - deviation * Math.sqrt(2 / Math.PI);
    assertThat(mean(pixels)).isCloseTo(expected, offset(4 * deviation / Math.sqrt(pixels.length)));
  }

  @Test
  void aGridDoesNotDependOnThoseAboveIt() {
    LearningSettings settings = settings(MULTI_GRID, 0.03f, true, 0.1f);
    Cell cell = cell(4, 0);
    CellGradient both = learn(settings, cell);
    CellGradient alone = new CellLearner(settings, List.of(engines.get(0))).learn(cell);
    engines.get(1).load(parameters(1, 99));
    CellGradient other = learn(settings, cell);
    for (CellGradient gradient : List.of(alone, other)) {
      assertThat(gradient.statistics().get(0)).isEqualTo(both.statistics().get(0));
      assertThat(gradient.gradients().get(0)).containsExactly(both.gradients().get(0));
    }
    assertThat(other.statistics().get(1)).isNotEqualTo(both.statistics().get(1));
  }

  @Test
  void repeatsExactlyAndLeavesTheCellAlone() {
    LearningSettings settings = settings(MULTI_GRID, 0.03f, true, 0.1f);
    Cell cell = cell(4, 0);
    ImageBatch before = cell.observed().copy();
    CellGradient first = learn(settings, cell);
    CellGradient second = learn(settings, cell);
    assertThat(cell.observed()).isEqualTo(before);
    assertThat(second.statistics()).isEqualTo(first.statistics());
    for (int grid = 0; grid < 2; grid++) {
      assertThat(second.gradients().get(grid)).containsExactly(first.gradients().get(grid));
    }
  }

  @Test
  void namesTheImageWhoseEnergyIsNotFinite() {
    float[] broken = parameters(0, 3);
    broken[broken.length - 1] = Float.POSITIVE_INFINITY;
    engines.get(0).load(broken);
    assertThatThrownBy(() -> learn(settings(MULTI_GRID, 0, false, 0), cell(3, 0)))
        .isInstanceOf(DivergedChainException.class)
        .hasMessage("Chain diverged: f is not finite on grid 4 at step 4 of image id 0");
  }

  private CellGradient learn(LearningSettings settings, Cell cell) {
    return new CellLearner(settings, List.copyOf(engines)).learn(cell);
  }

  /** Sum over images of f(observed) - f(synthesized) - alpha (f^2 + f^2), parameters moved. */
  private double objective(int grid, float[] direction, float step, float penalty) {
    RecordingEngine engine = engines.get(grid);
    float[] moved = parameters(grid, 3);
    for (int i = 0; i < moved.length; i++) {
      moved[i] += step * direction[i];
    }
    engine.load(moved);
    double sum = 0;
    for (float f : engine.values(engine.observed())) {
      sum += f - penalty * (double) f * f;
    }
    for (float f : engine.values(engine.synthesized())) {
      sum -= f + penalty * (double) f * f;
    }
    return sum;
  }

  private static LearningSettings settings(
      ChainStart start, float dataNoise, boolean flip, float penalty) {
    LangevinSettings langevin =
        new LangevinSettings(STEPS, 1f, 0.05f, Float.POSITIVE_INFINITY, RANGE);
    return new LearningSettings(
        LADDER,
        langevin,
        start,
        dataNoise,
        flip,
        penalty,
        GradientPenalty.none(LADDER.grids()),
        new StepSchedule(langevin.steps(), 1),
        100,
        21L,
        0);
  }

  /** Images of random pixels. */
  private static Cell cell(int images, int iteration) {
    float[] pixels = normals(images * 64, 50);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = RANGE.clip(0.4f * pixels[i]);
    }
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      ids.add("id " + i);
    }
    ImageBatch observed = new ImageBatch(new ImageShape(1, 8), images, pixels);
    return new Cell(iteration, 2, observed, ids, List.of());
  }

  private static GridNetwork network(int grid) {
    return new GridNetwork(
        NetworkSpec.parse("3x3-6, 3x3/2-8, dense 1", new Activation.Silu(), false),
        new ImageShape(1, LADDER.gridSides().get(grid)));
  }

  private static float[] parameters(int grid, long seed) {
    return InitialParameters.FAN_IN_UNIFORM.draw(
        network(grid), grid, NoiseStream.of(seed, NoiseStream.Purpose.WEIGHTS));
  }

  private static ImageBatch mirror(ImageBatch image) {
    ImageBatch mirrored = image.copy();
    for (int i = 0; i < 64; i++) {
      mirrored.pixels()[i] = image.pixels()[i / 8 * 8 + 7 - i % 8];
    }
    return mirrored;
  }

  private static float[] normals(int count, int cell) {
    float[] values = new float[count];
    NoiseStream.of(8, NoiseStream.Purpose.DATA).normals(NoiseAddress.of(0, cell), values);
    return values;
  }

  private static void assertInside(float[] pixels) {
    for (float pixel : pixels) {
      assertThat(pixel).isBetween(-1f, 1f);
    }
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
