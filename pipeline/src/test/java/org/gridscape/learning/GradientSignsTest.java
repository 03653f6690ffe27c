package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.gridscape.energy.Activation;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.InitialParameters;
import org.gridscape.energy.Network;
import org.gridscape.energy.NetworkSpec;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.ChainStart;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.noise.NoiseStream;
import org.gridscape.pyramid.GridLadder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which way a network is moved, with the engine that tests are told to take. */
class GradientSignsTest {
  private static final ImageShape SHAPE = new ImageShape(1, 8);
  private static final int IMAGES = 6;

  /** For the images observed and the ends of the chains as they are. */
  @ParameterizedTest
  @ValueSource(strings = {"relu", "leaky-relu(0.2)", "silu"})
  void aStepWithoutPenaltyRaisesTheGap(String activation) {
    GridNetwork network = network(activation);
    float[] parameters =
        InitialParameters.FAN_IN_UNIFORM.draw(
            network, 0, NoiseStream.of(4, NoiseStream.Purpose.WEIGHTS));
    RecordingEngine engine = new RecordingEngine(network, parameters);
    ImageBatch observed = images();
    CellGradient learned =
        new CellLearner(settings(), List.of(engine))
            .learn(new Cell(1, 0, observed, List.of("a", "b", "c", "d", "e", "f"), List.of()));
    double before = gap(engine);
    float[] gradient = learned.gradients().get(0).clone();
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] /= IMAGES;
    }
    for (Optimizer optimizer :
        List.of(new Optimizer.Momentum(0), new Optimizer.Adam(0.9, 0.999, 1e-8))) {
      float[] moved = parameters.clone();
      optimizer.update(moved, gradient, optimizer.start(moved.length), 1e-3);
      engine.load(moved);
      assertThat(gap(engine)).as("%s", optimizer).isGreaterThan(before);
    }
    engine.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"relu", "leaky-relu(0.2)", "silu"})
  void whereFIsZeroThePenaltyMovesNothing(String activation) {
    GridNetwork network = network(activation);
    try (EnergyEngine engine = ChosenEngine.kind().create(network)) {
      engine.load(new float[network.parameterCount()]);
      assertThat(engine.values(images())).containsOnly(0f);
      assertThat(engine.penaltyGradient(images()).gradient()).containsOnly(0f);
      engine.load(withoutHead(network));
      assertThat(engine.values(images())).containsOnly(0f);
      assertThat(engine.penaltyGradient(images()).gradient()).containsOnly(0f);
    }
  }

  /** What the test above is worth. */
  @Test
  void whereFIsNotZeroItDoes() {
    GridNetwork network = network("relu");
    try (EnergyEngine engine = ChosenEngine.kind().create(network)) {
      engine.load(
          InitialParameters.FAN_IN_UNIFORM.draw(
              network, 0, NoiseStream.of(4, NoiseStream.Purpose.WEIGHTS)));
      float[] gradient = engine.penaltyGradient(images()).gradient();
      float largest = 0;
      for (float entry : gradient) {
        largest = Math.max(largest, Math.abs(entry));
      }
      assertThat(largest).isPositive();
    }
  }

  /** Random convolutions under a head of zeros. */
  private static float[] withoutHead(GridNetwork network) {
    float[] parameters =
        InitialParameters.FAN_IN_UNIFORM.draw(
            network, 0, NoiseStream.of(4, NoiseStream.Purpose.WEIGHTS));
    List<Network.Tensor> tensors = network.tensors();
    for (Network.Tensor tensor : tensors.subList(tensors.size() - 2, tensors.size())) {
      for (int i = 0; i < tensor.length(); i++) {
        parameters[tensor.offset() + i] = 0;
      }
    }
    return parameters;
  }

  private static double gap(RecordingEngine engine) {
    return mean(engine.values(engine.observed())) - mean(engine.values(engine.synthesized()));
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static ImageBatch images() {
    ImageBatch images = Particles.affine(Particles.standardised(SHAPE, IMAGES, 9), 0, 0.4);
    for (int i = 0; i < images.pixels().length; i++) {
      images.pixels()[i] = settings().langevin().range().clip(images.pixels()[i]);
    }
    return images;
  }

  private static GridNetwork network(String activation) {
    return new GridNetwork(
        NetworkSpec.parse("3x3-6, 3x3/2-8, dense 1", Activation.parse(activation), false), SHAPE);
  }

  private static LearningSettings settings() {
    return new LearningSettings(
        new GridLadder(List.of(1, 8)),
        new LangevinSettings(10, 1f, 0.05f, Float.POSITIVE_INFINITY, PixelRange.SIGNED_UNIT),
        new ChainStart.MinimalImage(),
        0,
        false,
        0,
        GradientPenalty.none(1),
        new StepSchedule(10, 1),
        100,
        3,
        0);
  }
}
