package org.gridscape.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.gridscape.image.ImageBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ReferenceEngineTest extends EnergyEngineContract {
  @Override
  EnergyEngine create(GridNetwork network) {
    return new ReferenceEngine(network);
  }

  /** DL4J's own forward and backward pass, in training mode, is the independent witness. */
  @ParameterizedTest
  @MethodSource("networks")
  void agreesWithDl4jsOwnLayers(GridNetwork network) {
    float[] parameters = parameters(network);
    ImageBatch images = images(network, 4);
    MultiLayerNetwork peer = Dl4jNetwork.of(network, parameters);
    INDArray x =
        Nd4j.createFromArray(images.pixels())
            .reshape(4, network.shape().channels(), network.shape().side(), network.shape().side());
    peer.setInput(x);
    float[] expected = peer.feedForward(true, false).get(peer.getnLayers()).toFloatVector();
    float[] expectedGradient =
        peer.backpropGradient(Nd4j.ones(4, 1), null).getSecond().dup('c').data().asFloat();
    try (EnergyEngine engine = loaded(network)) {
      float[] gradient = new float[images.pixels().length];
      engine.inputGradient(images, gradient);
      assertThat(engine.values(images)).containsExactly(expected, offset(1e-4f));
      assertThat(gradient).containsExactly(expectedGradient, offset(1e-4f));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void layoutOfParametersIsDl4js(GridNetwork network) {
    assertThat(Dl4jNetwork.of(network, parameters(network)).params().dup('c').data().asFloat())
        .containsExactly(parameters(network));
    assertThat(Dl4jNetwork.of(network, parameters(network)).numParams())
        .isEqualTo(network.parameterCount());
  }

  @Test
  void takesNoTangentThroughBatchNormalization() {
    BatchNormalization layer = new BatchNormalization.Builder().nOut(2).build();
    try (ReferenceLayer normalization = ReferenceLayer.of(layer)) {
      assertThatThrownBy(normalization::tangent)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage(
              "Cannot take tangent through batch normalization: its slopes depend on the whole"
                  + " batch");
    }
  }

  @Test
  void refusesOtherActivations() {
    assertThatThrownBy(() -> ReferenceLayer.of(new ActivationLayer(new ActivationTanH())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot run activation tanh: the reference engine has relu, leaky relu, swish and"
                + " identity");
  }

  @Test
  void refusesLayersWithTrainTimeState() {
    assertThatThrownBy(() -> ReferenceLayer.of(new DropoutLayer.Builder(0.5).build()))
        .hasMessageStartingWith("Cannot run layer DropoutLayer: the reference engine has");
  }
}
