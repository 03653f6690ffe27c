package org.gridscape.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.gridscape.energy.Network.Role;
import org.gridscape.energy.Network.Tensor;
import org.gridscape.image.ImageShape;
import org.junit.jupiter.api.Test;

class GridNetworkTest {

  @Test
  void tensorsFillTheFlatArrayInOrder() {
    GridNetwork network = network("5x5/2-4, 3x3-2, dense 1", true, 3, 7);
    assertThat(network.tensors())
        .containsExactly(
            new Tensor(Role.BIAS, 0, 4, 75, 100),
            new Tensor(Role.WEIGHT, 4, 300, 75, 100),
            new Tensor(Role.GAMMA, 304, 4, 1, 1),
            new Tensor(Role.BETA, 308, 4, 1, 1),
            new Tensor(Role.UNUSED, 312, 8, 1, 1),
            new Tensor(Role.BIAS, 320, 2, 36, 18),
            new Tensor(Role.WEIGHT, 322, 72, 36, 18),
            new Tensor(Role.GAMMA, 394, 2, 1, 1),
            new Tensor(Role.BETA, 396, 2, 1, 1),
            new Tensor(Role.UNUSED, 398, 4, 1, 1),
            new Tensor(Role.WEIGHT, 402, 32, 32, 1),
            new Tensor(Role.BIAS, 434, 1, 32, 1));
    assertThat(network.parameterCount()).isEqualTo(435);
  }

  @Test
  void countsMultiplyAddsOfOneImage() {
    // 3 x 25 x 4 channels on 4x4, 4 x 9 x 2 channels on 4x4, then 32 features.
    assertThat(network("5x5/2-4, 3x3-2, dense 1", true, 3, 7).multiplyAdds())
        .isEqualTo(300 * 16 + 72 * 16 + 32);
  }

  @Test
  void theStoredDefinitionIsReadBackTheSame() {
    GridNetwork network = network("5x5/2-4, 3x3-2, dense 1", true, 3, 8);
    String json = Dl4jNetwork.configuration(network).toJson();
    assertThat(MultiLayerConfiguration.fromJson(json).toJson()).isEqualTo(json);
    assertThat(json)
        .isNotEqualTo(
            Dl4jNetwork.configuration(network("5x5-4, 3x3-2, dense 1", true, 3, 8)).toJson());
  }

  @Test
  void copiesParametersIntoDl4j() {
    GridNetwork network = network("1x1-1, dense 1", false, 1, 2);
    float[] parameters = {1f, 2f, 3f, 4f, 5f, 6f, 7f};
    var dl4j = Dl4jNetwork.of(network, parameters);
    parameters[0] = 100f;
    assertThat(dl4j.params().dup('c').data().asFloat()).containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertThatThrownBy(() -> Dl4jNetwork.of(network, new float[6]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid parameters: 6 values (must be 7 for 1x1-1, dense 1 on 1x2x2)");
  }

  @Test
  void equalNetworksAreEqual() {
    assertThat(network("3x3-2, dense 1", false, 1, 4))
        .isEqualTo(network("3x3-2, dense 1", false, 1, 4))
        .isNotEqualTo(network("3x3-2, dense 1", true, 1, 4))
        .isNotEqualTo(network("3x3-2, dense 1", false, 1, 8));
    assertThat(List.of(EngineKind.values()))
        .containsExactly(EngineKind.REFERENCE, EngineKind.FUSED);
  }

  private static GridNetwork network(String layers, boolean batchNorm, int channels, int side) {
    return new GridNetwork(
        NetworkSpec.parse(layers, new Activation.Relu(), batchNorm),
        new ImageShape(channels, side));
  }
}
