package org.gridscape.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.gridscape.image.ImageBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks from images to images as DL4J stores them, with its own layers as the witness. */
class Dl4jMapNetworkTest {

  static Stream<MapNetwork> networks() {
    return MapEngineContract.networks();
  }

  static Stream<MapNetwork> corrections() {
    return networks().filter(network -> network.output().equals(network.input()));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aStoredGraphGivesWhatTheEngineGives(MapNetwork network, @TempDir Path folder)
      throws IOException {
    float[] parameters = MapEngineContract.parameters(network);
    ImageBatch images = MapEngineContract.images(network, 3);
    try (MapEngine engine = ChosenEngine.kind().create(network)) {
      engine.load(parameters);
      ComputationGraph graph = stored(Dl4jNetwork.of(network, parameters, false), folder);
      assertThat(graph.params().dup('c').data().asFloat()).containsExactly(parameters);
      assertThat(output(graph, images))
          .containsExactly(engine.outputs(images).pixels(), offset(1e-5f));
      graph.close();
    }
  }

  @ParameterizedTest
  @MethodSource("corrections")
  void aStoredResidualGraphAddsItsInput(MapNetwork network, @TempDir Path folder)
      throws IOException {
    float[] parameters = MapEngineContract.parameters(network);
    ImageBatch images = MapEngineContract.images(network, 3);
    try (MapEngine engine = ChosenEngine.kind().create(network)) {
      engine.load(parameters);
      float[] expected = engine.outputs(images).pixels();
      for (int i = 0; i < expected.length; i++) {
        expected[i] += images.pixels()[i];
      }
      ComputationGraph graph = stored(Dl4jNetwork.of(network, parameters, true), folder);
      assertThat(graph.params().dup('c').data().asFloat()).containsExactly(parameters);
      assertThat(output(graph, images)).containsExactly(expected, offset(1e-5f));
      graph.close();
    }
  }

  /** DL4J's own backward pass against the engine's: of the sum of squared errors per image. */
  @ParameterizedTest
  @MethodSource("corrections")
  void dl4jsGradientOfTheLossIsTheEngines(MapNetwork network) {
    float[] parameters = MapEngineContract.parameters(network);
    ImageBatch images = MapEngineContract.images(network, 3);
    ImageBatch targets = MapEngineContract.signals(network, 3);
    ComputationGraph graph = Dl4jNetwork.of(network, parameters, true);
    graph.setInputs(array(images));
    graph.setLabels(array(targets));
    graph.computeGradientAndScore();
    float[] expected = graph.gradient().gradient().dup('c').data().asFloat();
    try (MapEngine engine = ChosenEngine.kind().create(network)) {
      engine.load(parameters);
      ImageBatch errors = engine.outputs(images);
      double squares = 0;
      for (int i = 0; i < errors.pixels().length; i++) {
        float error = images.pixels()[i] + errors.pixels()[i] - targets.pixels()[i];
        squares += (double) error * error;
        errors.pixels()[i] = 2 * error;
      }
      assertThat(graph.score()).isCloseTo(squares / 3, offset(1e-4 * squares));
      float[] gradient = engine.gradients(images, errors).parameters();
      float largest = 0;
      for (float value : gradient) {
        largest = Math.max(largest, Math.abs(value));
      }
      assertThat(expected).containsExactly(gradient, offset(1e-4f * largest));
    }
    graph.close();
  }

  @Test
  void refusesParametersAndSumsThatDoNotFit() {
    MapNetwork encoder = MapEngineContract.map("3x3/2-2, 3x3-1", "relu", 1, 4);
    assertThatThrownBy(() -> Dl4jNetwork.of(encoder, new float[3], false))
        .hasMessage("Invalid parameters: 3 values (must be 39 for 3x3/2-2, 3x3-1 on 1x4x4)");
    assertThatThrownBy(() -> Dl4jNetwork.of(encoder, new float[39], true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot add input to output of 3x3/2-2, 3x3-1 on 1x4x4: it is 1x2x2");
  }

  private static ComputationGraph stored(ComputationGraph graph, Path folder) throws IOException {
    java.io.File file = folder.resolve("map.zip").toFile();
    ModelSerializer.writeModel(graph, file, false);
    graph.close();
    return ModelSerializer.restoreComputationGraph(file);
  }

  private static float[] output(ComputationGraph graph, ImageBatch images) {
    return graph.outputSingle(array(images)).dup('c').data().asFloat();
  }

  private static INDArray array(ImageBatch images) {
    int side = images.shape().side();
    return Nd4j.createFromArray(images.pixels())
        .reshape(images.count(), images.shape().channels(), side, side);
  }
}
