package org.gridscape.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.gridscape.energy.NetworkSpec.Convolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkSpecTest {
  private static final Activation RELU = new Activation.Relu();

  @Test
  void readsItsNotationAndWritesItAgain() {
    NetworkSpec spec = NetworkSpec.parse(" 5x5/2-32 ,3x3-64,  dense 1", RELU, true);
    assertThat(spec.convolutions())
        .containsExactly(new Convolution(5, 2, 32), new Convolution(3, 1, 64));
    assertThat(spec).hasToString("5x5/2-32, 3x3-64, dense 1");
    assertThat(NetworkSpec.parse(spec.toString(), RELU, true)).isEqualTo(spec);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"3x5-8", "3x3", "3x3-", "3x3/-8", "3-8", "", "dense 1", "9999999999x9999999999-1"})
  void rejectsOtherLayers(String layer) {
    assertThatThrownBy(() -> NetworkSpec.parse(layer + ", dense 1", RELU, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid layer: \""
                + layer
                + "\" (must be KxK-CHANNELS or KxK/STRIDE-CHANNELS, like 5x5/2-32)");
  }

  @Test
  void rejectsAMissingHeadAndNoConvolution() {
    assertThatThrownBy(() -> NetworkSpec.parse("3x3-8", RELU, false))
        .hasMessage("Invalid network: \"3x3-8\" (must end with \"dense 1\")");
    assertThatThrownBy(() -> NetworkSpec.parse("dense 1", RELU, false))
        .hasMessage("Invalid network: no convolution (must be at least one before dense 1)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x0/1-8", "3x3/0-8", "3x3/1-0"})
  void rejectsSizesBelowOne(String layer) {
    assertThatThrownBy(() -> NetworkSpec.parse(layer + ", dense 1", RELU, false))
        .hasMessage("Invalid convolution: " + layer + " (must be KxK/STRIDE-CHANNELS, all >= 1)");
  }

  @ParameterizedTest
  @CsvSource({"1, 5, 5", "2, 8, 4", "2, 5, 3", "3, 1, 1"})
  void outputSideIsTheInputSideOverTheStrideRoundedUp(int stride, int side, int expected) {
    assertThat(new Convolution(3, stride, 1).outputSide(side)).isEqualTo(expected);
  }
}
