package org.gridscape.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.gridscape.energy.Dl4jNetwork;
import org.gridscape.energy.MapNetwork;
import org.gridscape.image.ImageShape;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * A graph from images and their thumbnails to what upsamplers make of their codes on each grid,
 * coarse to fine, and to the encoder's correction of the codes; the loss is the sum of squared
 * errors of each. Only the encoder learns.
 *
 * @param thumbnail shape of thumbnails and codes
 * @param upsamplers coarse to fine
 * @param encoder from images to corrections of codes
 * @param nearness weight of the squared correction
 */
record ReconstructionGraph(
    ImageShape thumbnail, List<MapNetwork> upsamplers, MapNetwork encoder, double nearness) {

  /** Rejects an encoder of other codes. */
  ReconstructionGraph {
    if (!encoder.output().equals(thumbnail)) {
      throw new IllegalArgumentException(
          "Invalid encoder: %s to %s (must give %s, as thumbnails)"
              .formatted(encoder, encoder.output(), thumbnail));
    }
    if (!(nearness >= 0) || Double.isInfinite(nearness)) {
      throw new IllegalArgumentException(
          "Invalid nearness: " + nearness + " (must be finite and >= 0)");
    }
  }

  /**
   * The graph with given parameters, those of the encoder first.
   *
   * @param parameters of the upsamplers
   * @param initial of the encoder
   * @param root from codes to thumbnails, symmetric
   * @param updater of the encoder
   */
  ComputationGraph graph(
      List<float[]> parameters, float[] initial, float[] root, IUpdater updater) {
    encoder.requireParameters(initial);
    int size = thumbnail.size();
    if (root.length != size * size) {
      throw new IllegalArgumentException(
          "Invalid root: %d values (must be %d for thumbnails of %s)"
              .formatted(root.length, size * size, thumbnail));
    }
    List<float[]> all = new ArrayList<>(List.of(initial, root));
    all.addAll(parameters);
    float[] flat = new float[all.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : all) {
      System.arraycopy(part, 0, flat, at, part.length);
      at += part.length;
    }
    ComputationGraph graph = new ComputationGraph(configuration(updater));
    graph.init(Nd4j.createFromArray(flat).reshape(1, flat.length), false);
    return graph;
  }

  private ComputationGraphConfiguration configuration(IUpdater updater) {
    IUpdater fixed = new Sgd(0);
    int side = thumbnail.side();
    int size = thumbnail.size();
    ComputationGraphConfiguration.GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.FLOAT)
            .graphBuilder()
            .addInputs("images", "thumbnails");
    String correction = Dl4jNetwork.append(graph, encoder, "images", updater);
    graph.addLayer(
        "root",
        new DenseLayer.Builder()
            .nIn(size)
            .nOut(size)
            .hasBias(false)
            .activation(new ActivationIdentity())
            .updater(fixed)
            .build(),
        new CnnToFeedForwardPreProcessor(side, side, thumbnail.channels()),
        correction);
    graph.addVertex(
        "moves",
        new PreprocessorVertex(new FeedForwardToCnnPreProcessor(side, side, thumbnail.channels())),
        "root");
    String top = sum(graph, "moved", "moves", "thumbnails");
    List<String> outputs = new ArrayList<>();
    int below = side;
    for (int grid = 0; grid < upsamplers.size(); grid++) {
      MapNetwork upsampler = upsamplers.get(grid);
      int own = upsampler.input().side();
      String replicated = "replicated-" + grid;
      graph.addLayer(replicated, new Upsampling2D.Builder(own / below).build(), top);
      String corrected = Dl4jNetwork.append(graph, upsampler, replicated, fixed);
      top = sum(graph, "upsampled-" + grid, replicated, corrected);
      outputs.add(squares(graph, "images-" + grid, top));
      below = own;
    }
    graph.addVertex("weighted", new ScaleVertex(Math.sqrt(nearness)), correction);
    outputs.add(squares(graph, "corrections", "weighted"));
    return graph.setOutputs(outputs.toArray(String[]::new)).build();
  }

  private static String sum(
      ComputationGraphConfiguration.GraphBuilder graph, String name, String one, String other) {
    graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), one, other);
    return name;
  }

  private static String squares(
      ComputationGraphConfiguration.GraphBuilder graph, String name, String of) {
    graph.addLayer(
        name,
        new CnnLossLayer.Builder(LossFunctions.LossFunction.L2)
            .activation(new ActivationIdentity())
            .build(),
        of);
    return name;
  }
}
