package org.gridscape.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import org.gridscape.energy.Network.Role;
import org.gridscape.energy.Network.Tensor;
import org.gridscape.image.ImageShape;
import org.gridscape.noise.NoiseStream;
import org.junit.jupiter.api.Test;

class InitialParametersTest {
  private static final GridNetwork NETWORK =
      new GridNetwork(
          NetworkSpec.parse("5x5/2-64, 3x3-64, dense 1", new Activation.Relu(), true),
          new ImageShape(3, 16));

  @Test
  void fanInUniformFillsItsBounds() {
    float[] drawn = draw(InitialParameters.FAN_IN_UNIFORM, 0, 1);
    for (Tensor tensor : NETWORK.tensors()) {
      if (tensor.role() == Role.WEIGHT || tensor.role() == Role.BIAS) {
        assertUniform(values(drawn, tensor), 1 / Math.sqrt(tensor.fanIn()));
      }
    }
  }

  @Test
  void xavierUniformFillsItsBoundsAndLeavesBiasesAtZero() {
    float[] drawn = draw(InitialParameters.XAVIER_UNIFORM, 0, 1);
    for (Tensor tensor : NETWORK.tensors()) {
      if (tensor.role() == Role.WEIGHT) {
        assertUniform(values(drawn, tensor), Math.sqrt(6.0 / (tensor.fanIn() + tensor.fanOut())));
      } else if (tensor.role() == Role.BIAS) {
        assertThat(values(drawn, tensor)).containsOnly(0f);
      }
    }
  }

  @Test
  void normalisationStartsAsTheIdentity() {
    float[] drawn = draw(InitialParameters.FAN_IN_UNIFORM, 0, 1);
    for (Tensor tensor : NETWORK.tensors()) {
      switch (tensor.role()) {
        case GAMMA -> assertThat(values(drawn, tensor)).containsOnly(1f);
        case BETA, UNUSED -> assertThat(values(drawn, tensor)).containsOnly(0f);
        case WEIGHT, BIAS -> {}
      }
    }
  }

  @Test
  void dependsOnSeedAndGridAlone() {
    InitialParameters rule = InitialParameters.FAN_IN_UNIFORM;
    assertThat(draw(rule, 1, 7)).containsExactly(draw(rule, 1, 7));
    assertThat(draw(rule, 1, 7)).isNotEqualTo(draw(rule, 2, 7)).isNotEqualTo(draw(rule, 1, 8));
    float[] drawn = draw(rule, 0, 1);
    Tensor first = NETWORK.tensors().get(0);
    Tensor second = NETWORK.tensors().get(5);
    assertThat(first.length()).isEqualTo(second.length());
    assertThat(drawn[first.offset()] * Math.sqrt(first.fanIn()))
        .isNotCloseTo(drawn[second.offset()] * Math.sqrt(second.fanIn()), offset(1e-6));
  }

  /** Mean and spread within four standard errors, nothing outside, something near both ends. */
  private static void assertUniform(float[] values, double bound) {
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    int n = values.length;
    double variance = bound * bound / 3;
    assertThat(largest).isLessThanOrEqualTo(bound * (1 + 1e-6));
    assertThat(sum / n).isCloseTo(0, offset(4 * Math.sqrt(variance / n)));
    if (n >= 64) {
      assertThat(largest).isGreaterThan(0.85 * bound);
      assertThat(squares / n).isCloseTo(variance, offset(4 * variance * Math.sqrt(0.8 / n)));
    }
  }

  private static float[] values(float[] drawn, Tensor tensor) {
    return Arrays.copyOfRange(drawn, tensor.offset(), tensor.offset() + tensor.length());
  }

  private static float[] draw(InitialParameters rule, int grid, long seed) {
    return rule.draw(NETWORK, grid, NoiseStream.of(seed, NoiseStream.Purpose.WEIGHTS));
  }
}
