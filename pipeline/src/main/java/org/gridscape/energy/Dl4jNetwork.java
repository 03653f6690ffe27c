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
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
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
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Networks as DL4J has them.
 *
 * <p>Apart from {@link GridNetwork} and {@link MapNetwork}, because a class whose methods name DL4J
 * loads it as soon as it is verified or serialised: processes that run the fused engine have no use
 * for it.
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
   * The stored definition of a network from images to images, with the sum of squared errors as
   * loss, so that it can be trained as it is.
   *
   * @param residual whether the graph gives x + u(x) instead of u(x)
   * @param updater with which DL4J trains it
   * @throws IllegalArgumentException if {@code residual} and the output is shaped unlike the input
   */
  public static ComputationGraphConfiguration configuration(
      MapNetwork network, boolean residual, IUpdater updater) {
    ComputationGraphConfiguration.GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.FLOAT)
            .graphBuilder()
            .addInputs("images");
    String top = append(graph, network, "images", updater);
    if (residual) {
      network.requireOutputAsInput();
      graph.addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), top, "images");
      top = "sum";
    }
    int side = network.input().side();
    return graph
        .addLayer(
            "outputs",
            new CnnLossLayer.Builder(LossFunctions.LossFunction.L2)
                .activation(new ActivationIdentity())
                .build(),
            top)
        .setOutputs("outputs")
        .setInputTypes(InputType.convolutional(side, side, network.input().channels()))
        .build();
  }

  /**
   * A DL4J graph of a network from images to images with the given parameters.
   *
   * @param parameters {@link MapNetwork#parameterCount()} values; copied
   * @param residual whether the graph gives x + u(x) instead of u(x); parameters are the same
   * @throws IllegalArgumentException if {@code residual} and the output is shaped unlike the input
   */
  public static ComputationGraph of(MapNetwork network, float[] parameters, boolean residual) {
    return of(network, parameters, residual, new Sgd());
  }

  /** As {@link #of(MapNetwork, float[], boolean)}, with what DL4J trains it by. */
  public static ComputationGraph of(
      MapNetwork network, float[] parameters, boolean residual, IUpdater updater) {
    network.requireParameters(parameters);
    ComputationGraph copy = new ComputationGraph(configuration(network, residual, updater));
    copy.init(Nd4j.createFromArray(parameters).reshape(1, parameters.length), false);
    return copy;
  }

  /**
   * Puts a network from images to images on top of a vertex of a graph, its vertices named after it
   * and counted.
   *
   * @param updater with which DL4J trains it
   * @return the name of its last vertex
   */
  public static String append(
      ComputationGraphConfiguration.GraphBuilder graph,
      MapNetwork network,
      String below,
      IUpdater updater) {
    String top = below;
    int number = 0;
    for (ConvolutionLayer layer : layers(network)) {
      layer.setIUpdater(updater);
      String name = network.name() + "-" + number++;
      graph.addLayer(name, layer, top);
      top = name;
    }
    return top;
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
