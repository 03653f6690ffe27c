package org.gridscape.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

class ActivationTest {

  @Test
  void readsItsNotation() {
    assertThat(Activation.parse("relu")).isEqualTo(new Activation.Relu());
    assertThat(Activation.parse(" silu ")).isEqualTo(new Activation.Silu());
    assertThat(Activation.parse("leaky-relu(0.2)")).isEqualTo(new Activation.LeakyRelu(0.2));
    assertThat(Activation.parse("leaky-relu(1e-2)")).isEqualTo(new Activation.LeakyRelu(0.01));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Relu", "leaky-relu", "leaky-relu()", "leaky-relu(1e)", "tanh"})
  void rejectsOtherNames(String text) {
    assertThatThrownBy(() -> Activation.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid activation: " + text + " (must be relu, silu or leaky-relu(SLOPE))");
  }

  @ParameterizedTest
  @CsvSource({"0, 0.0", "1, 1.0", "-0.5, -0.5"})
  void rejectsSlopesThatAreNotLeaks(String slope, String shown) {
    assertThatThrownBy(() -> Activation.parse("leaky-relu(" + slope + ")"))
        .hasMessage("Invalid leaky-relu slope: " + shown + " (must be in (0, 1))");
  }

  @ParameterizedTest
  @CsvSource({
    "relu, 2, 2", "relu, -3, 0",
    "leaky-relu(0.2), 2, 2", "leaky-relu(0.2), -3, -0.6",
    "silu, 2, 1.7615942", "silu, -3, -0.1422776"
  })
  void isTheSameFunctionInDl4j(String name, float x, float expected) {
    float y =
        Dl4jNetwork.activation(Activation.parse(name))
            .getActivation(Nd4j.createFromArray(x), false)
            .getFloat(0);
    assertThat(y).isCloseTo(expected, offset(1e-6f));
  }
}
