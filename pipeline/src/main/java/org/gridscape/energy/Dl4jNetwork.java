package org.gridscape.energy;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The network of a grid as DL4J has it.
 *
 * <p>Apart from {@link GridNetwork}, because a class whose methods name DL4J loads it as soon as it
 * is verified or serialised: processes that run the fused engine have no use for it.
 */
public final class Dl4jNetwork {
  private Dl4jNetwork() {}

  /** The stored definition of a network. */
  public static MultiLayerConfiguration configuration(GridNetwork network) {
    NetworkSpec spec = network.spec();
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.FLOAT)
            .convolutionMode(ConvolutionMode.Same)
            .list();
    for (NetworkSpec.Convolution layer : spec.convolutions()) {
      ConvolutionLayer.Builder convolution =
          new ConvolutionLayer.Builder(layer.kernel(), layer.kernel())
              .stride(layer.stride(), layer.stride())
              .nOut(layer.channels());
      if (spec.batchNorm()) {
        layers.layer(convolution.activation(new ActivationIdentity()).build());
        layers.layer(
            new BatchNormalization.Builder()
                .eps(GridNetwork.BATCH_NORM_EPSILON)
                .activation(new ActivationIdentity())
                .build());
        layers.layer(new ActivationLayer(activation(spec.activation())));
      } else {
        layers.layer(convolution.activation(activation(spec.activation())).build());
      }
    }
    layers.layer(new DenseLayer.Builder().nOut(1).activation(new ActivationIdentity()).build());
    int side = network.shape().side();
    layers.setInputType(InputType.convolutional(side, side, network.shape().channels()));
    return layers.build();
  }

  /**
   * A DL4J network with the given parameters.
   *
   * @param parameters {@link GridNetwork#parameterCount()} values; copied
   */
  public static MultiLayerNetwork of(GridNetwork network, float[] parameters) {
    network.requireParameters(parameters);
    MultiLayerNetwork copy = new MultiLayerNetwork(configuration(network));
    INDArray flat = Nd4j.createFromArray(parameters).reshape(1, parameters.length);
    copy.init(flat, false);
    return copy;
  }

  /**
   * A DL4J graph of a network from images to images, with the given parameters.
   *
   * @param parameters as many as the network has; copied
   * @param residual whether the images are added to what the layers give
   */
  public static ComputationGraph graph(MapNetwork network, float[] parameters, boolean residual) {
    network.requireParameters(parameters);
    ComputationGraph graph = new ComputationGraph(configuration(network, residual));
    INDArray flat = Nd4j.createFromArray(parameters).reshape(1, parameters.length);
    graph.init(flat, false);
    return graph;
  }

  private static ComputationGraphConfiguration configuration(MapNetwork network, boolean residual) {
    int side = network.input().side();
    ComputationGraphConfiguration.GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.FLOAT)
            .graphBuilder()
            .addInputs("images")
            .setInputTypes(InputType.convolutional(side, side, network.input().channels()));
    String last = "images";
    for (ConvolutionLayer layer : layers(network)) {
      String name = "convolution-" + graph.getVertices().size();
      graph.addLayer(name, layer, last);
      last = name;
    }
    if (residual) {
      graph.addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "images", last);
      last = "sum";
    }
    return graph.setOutputs(last).build();
  }

  /** The layers of a network from images to images, sizes given. */
  static List<ConvolutionLayer> layers(MapNetwork network) {
    List<ConvolutionLayer> layers = new ArrayList<>();
    int channels = network.input().channels();
    for (NetworkSpec.Convolution layer : network.convolutions()) {
      boolean last = layers.size() == network.convolutions().size() - 1;
      layers.add(
          new ConvolutionLayer.Builder(layer.kernel(), layer.kernel())
              .convolutionMode(ConvolutionMode.Same)
              .stride(layer.stride(), layer.stride())
              .nIn(channels)
              .nOut(layer.channels())
              .activation(last ? new ActivationIdentity() : activation(network.activation()))
              .build());
      channels = layer.channels();
    }
    return layers;
  }

  /** The same function as a DL4J activation. */
  static IActivation activation(Activation activation) {
    if (activation instanceof Activation.LeakyRelu leaky) {
      return new ActivationLReLU(leaky.slope());
    }
    return activation instanceof Activation.Relu ? new ActivationReLU() : new ActivationSwish();
  }
}
