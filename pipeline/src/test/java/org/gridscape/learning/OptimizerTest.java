package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.stream.Stream;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

class OptimizerTest {
  private static final int PARAMETERS = 50;
  private static final double RATE = 0.01;

  static Stream<Arguments> peers() {
    return Stream.of(
        Arguments.of(new Optimizer.Adam(0.9, 0.999, 1e-8), new Adam(RATE, 0.9, 0.999, 1e-8)),
        Arguments.of(new Optimizer.Adam(0.5, 0.99, 1e-8), new Adam(RATE, 0.5, 0.99, 1e-8)),
        Arguments.of(new Optimizer.Nesterov(0.9), new Nesterovs(RATE, 0.9)),
        Arguments.of(new Optimizer.Nesterov(0.3), new Nesterovs(RATE, 0.3)));
  }

  /** ND4J descends, so it gets the gradient with the other sign. */
  @ParameterizedTest
  @MethodSource("peers")
  void agreesWithNd4jsUpdater(Optimizer optimizer, IUpdater peer) {
    float[] ours = normals(0);
    INDArray theirs = Nd4j.createFromArray(ours.clone()).reshape(1, PARAMETERS);
    INDArray moments = Nd4j.zeros(1, peer.stateSize(PARAMETERS));
    GradientUpdater<?> updater = peer.instantiate(moments, true);
    OptimizerState state = optimizer.start(PARAMETERS);
    for (int iteration = 0; iteration < 20; iteration++) {
      float[] gradient = normals(1 + iteration);
      INDArray step = Nd4j.createFromArray(gradient).reshape(1, PARAMETERS).neg();
      updater.applyUpdater(step, iteration, 0);
      theirs.subi(step);
      state = optimizer.update(ours, gradient, state, RATE);
      assertThat(ours).containsExactly(theirs.toFloatVector(), offset(2e-6f));
    }
    assertThat(state.updates()).isEqualTo(20);
  }

  @Test
  void momentumByHand() {
    Optimizer optimizer = new Optimizer.Momentum(0.5);
    float[] parameters = {1f, 0f};
    OptimizerState state = optimizer.start(2);
    state = optimizer.update(parameters, new float[] {2f, -4f}, state, 0.25);
    assertThat(parameters).containsExactly(1.5f, -1f);
    state = optimizer.update(parameters, new float[] {0f, 4f}, state, 0.25);
    assertThat(parameters).containsExactly(1.75f, -0.5f);
    assertThat(state.moments().get(0)).containsExactly(0.25f, 0.5f);
  }

  @Test
  void withoutMomentumItIsPlainAscent() {
    float[] parameters = {1f};
    Optimizer plain = new Optimizer.Momentum(0);
    OptimizerState state = plain.update(parameters, new float[] {3f}, plain.start(1), 0.5);
    plain.update(parameters, new float[] {3f}, state, 0.5);
    assertThat(parameters).containsExactly(4f);
  }

  @Test
  void firstStepOfAdamIsTheLearningRateWhateverTheGradient() {
    Optimizer adam = new Optimizer.Adam(0.9, 0.999, 1e-12);
    float[] parameters = new float[3];
    adam.update(parameters, new float[] {1e-4f, -5f, 300f}, adam.start(3), 0.125);
    assertThat(parameters).containsExactly(new float[] {0.125f, -0.125f, 0.125f}, offset(1e-6f));
  }

  @ParameterizedTest
  @MethodSource("peers")
  void leavesTheGradientAloneAndCopiesShareNothing(Optimizer optimizer, IUpdater peer) {
    float[] gradient = normals(3);
    OptimizerState start = optimizer.start(PARAMETERS);
    OptimizerState copy = start.copy();
    optimizer.update(normals(0), gradient, copy, RATE);
    assertThat(gradient).containsExactly(normals(3));
    assertThat(start.moments()).hasSize(optimizer.moments());
    start.moments().forEach(moment -> assertThat(moment).containsOnly(0f));
    assertThat(copy.moments().get(0)).doesNotContain(0f);
  }

  @Test
  void rejectsSettingsOutOfRange() {
    assertThatThrownBy(() -> new Optimizer.Adam(1, 0.999, 1e-8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid adam beta1: 1.0 (must be in [0, 1))");
    assertThatThrownBy(() -> new Optimizer.Adam(0.9, -0.1, 1e-8))
        .hasMessage("Invalid adam beta2: -0.1 (must be in [0, 1))");
    assertThatThrownBy(() -> new Optimizer.Adam(0.9, 0.999, 0))
        .hasMessage("Invalid adam epsilon: 0.0 (must be > 0 and finite)");
    assertThatThrownBy(() -> new Optimizer.Momentum(Double.NaN))
        .hasMessage("Invalid momentum: NaN (must be in [0, 1))");
    assertThatThrownBy(() -> new Optimizer.Nesterov(2))
        .hasMessage("Invalid nesterov momentum: 2.0 (must be in [0, 1))");
  }

  private static float[] normals(int cell) {
    float[] values = new float[PARAMETERS];
    NoiseStream.of(6, NoiseStream.Purpose.DATA).normals(NoiseAddress.of(0, cell), values);
    return values;
  }
}
