package org.gridscape.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.gridscape.image.ImageShape;
import org.junit.jupiter.api.Test;

class MapNetworkTest {
  private static final MapNetwork ENCODER =
      MapEngineContract.map("5x5/2-16, 3x3/2-3", "relu", 1, 9);

  @Test
  void givesImagesOfTheLastConvolution() {
    assertThat(ENCODER.output()).isEqualTo(new ImageShape(3, 3));
    assertThat(ENCODER).hasToString("5x5/2-16, 3x3/2-3 on 1x9x9");
  }

  @Test
  void parametersAreBiasBeforeWeightsAndTheLastLayerStartsAtZero() {
    assertThat(ENCODER.tensors())
        .containsExactly(
            new Network.Tensor(Network.Role.BIAS, 0, 16, 25, 400),
            new Network.Tensor(Network.Role.WEIGHT, 16, 400, 25, 400),
            new Network.Tensor(Network.Role.BIAS, 416, 3, 144, 27, true),
            new Network.Tensor(Network.Role.WEIGHT, 419, 432, 144, 27, true));
    assertThat(ENCODER.parameterCount()).isEqualTo(851);
  }

  @Test
  void rejectsNetworksThatGiveNoImages() {
    ImageShape input = new ImageShape(1, 4);
    assertThatThrownBy(() -> new MapNetwork("upsampler-4", List.of(), new Activation.Relu(), input))
        .hasMessage("Invalid network upsampler-4: no convolution (must be at least one)");
    List<NetworkSpec.Convolution> two = List.of(new NetworkSpec.Convolution(3, 1, 2));
    assertThatThrownBy(() -> new MapNetwork("upsampler-4", two, new Activation.Relu(), input))
        .hasMessage(
            "Invalid network upsampler-4: 2 channels in the last convolution (must be 1 or 3)");
  }
}
