package org.gridscape.energy;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The network of a grid for images of one shape, with the layout of its parameters.
 *
 * <p>Parameters are one float array in DL4J's flat order: layer by layer, a convolution's bias
 * before its weights [out, in, k, k], batch normalisation as gamma, beta, mean, variance (the last
 * two are not learned and not read, since statistics of the batch are used), the head's weights
 * before its bias. Everything here but the two conversions to DL4J is plain Java, so a process that
 * never converts never loads ND4J.
 *
 * @param spec layers
 * @param shape of the images on this grid
 */
public record GridNetwork(NetworkSpec spec, ImageShape shape) implements Serializable {
  static final double BATCH_NORM_EPSILON = 1e-5;

  /** What a tensor of parameters does. */
  public enum Role {
    /** Multiplies; initialised at random. */
    WEIGHT,
    /** Is added. */
    BIAS,
    /** Scales normalised values; starts at 1. */
    GAMMA,
    /** Shifts normalised values; starts at 0. */
    BETA,
    /** Kept by DL4J's layout, neither learned nor read. */
    UNUSED
  }

  /**
   * One tensor in the flat array.
   *
   * @param role what it does
   * @param offset first index in the flat array
   * @param length number of values
   * @param fanIn inputs that feed one output
   * @param fanOut outputs that one input feeds
   */
  public record Tensor(Role role, int offset, int length, int fanIn, int fanOut) {}

  /** The tensors in flat order. */
  public List<Tensor> tensors() {
    List<Tensor> tensors = new ArrayList<>();
    int offset = 0;
    int channels = shape.channels();
    int side = shape.side();
    for (NetworkSpec.Convolution layer : spec.convolutions()) {
      int area = layer.kernel() * layer.kernel();
      int fanIn = channels * area;
      int fanOut = layer.channels() * area;
      offset = append(tensors, Role.BIAS, offset, layer.channels(), fanIn, fanOut);
      offset = append(tensors, Role.WEIGHT, offset, layer.channels() * fanIn, fanIn, fanOut);
      channels = layer.channels();
      side = layer.outputSide(side);
      if (spec.batchNorm()) {
        offset = append(tensors, Role.GAMMA, offset, channels, 1, 1);
        offset = append(tensors, Role.BETA, offset, channels, 1, 1);
        offset = append(tensors, Role.UNUSED, offset, 2 * channels, 1, 1);
      }
    }
    int features = channels * side * side;
    offset = append(tensors, Role.WEIGHT, offset, features, features, 1);
    append(tensors, Role.BIAS, offset, 1, features, 1);
    return tensors;
  }

  private static int append(
      List<Tensor> tensors, Role role, int offset, int length, int fanIn, int fanOut) {
    tensors.add(new Tensor(role, offset, length, fanIn, fanOut));
    return offset + length;
  }

  /** Number of parameters, the unused ones included. */
  public int parameterCount() {
    List<Tensor> tensors = tensors();
    Tensor last = tensors.get(tensors.size() - 1);
    return last.offset() + last.length();
  }

  /** Multiplications and additions of one forward pass for one image, normalisation left out. */
  public long multiplyAdds() {
    long total = 0;
    int channels = shape.channels();
    int side = shape.side();
    for (NetworkSpec.Convolution layer : spec.convolutions()) {
      side = layer.outputSide(side);
      total += (long) channels * layer.kernel() * layer.kernel() * layer.channels() * side * side;
      channels = layer.channels();
    }
    return total + (long) channels * side * side;
  }

  /** The stored definition of the network. */
  public MultiLayerConfiguration configuration() {
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
                .eps(BATCH_NORM_EPSILON)
                .activation(new ActivationIdentity())
                .build());
        layers.layer(new ActivationLayer(spec.activation().toDl4j()));
      } else {
        layers.layer(convolution.activation(spec.activation().toDl4j()).build());
      }
    }
    layers.layer(new DenseLayer.Builder().nOut(1).activation(new ActivationIdentity()).build());
    layers.setInputType(InputType.convolutional(shape.side(), shape.side(), shape.channels()));
    return layers.build();
  }

  /**
   * A DL4J network with the given parameters.
   *
   * @param parameters {@link #parameterCount()} values; copied
   */
  public MultiLayerNetwork toDl4j(float[] parameters) {
    requireParameters(parameters);
    MultiLayerNetwork network = new MultiLayerNetwork(configuration());
    INDArray flat = Nd4j.createFromArray(parameters).reshape(1, parameters.length);
    network.init(flat, false);
    return network;
  }

  void requireNoBatchNorm() {
    if (spec.batchNorm()) {
      throw new UnsupportedOperationException(
          "Cannot compute penalty gradient: with batch normalisation f of an image depends on the"
              + " others");
    }
  }

  void requireParameters(float[] parameters) {
    if (parameters.length != parameterCount()) {
      throw new IllegalArgumentException(
          "Invalid parameters: %d values (must be %d for %s on %s)"
              .formatted(parameters.length, parameterCount(), spec, shape));
    }
  }

  void requireShapeOf(ImageBatch images) {
    if (!images.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "Invalid images: shape %s (must be %s)".formatted(images.shape(), shape));
    }
  }

  static void requireGradientOf(ImageBatch images, float[] gradient) {
    if (gradient.length != images.pixels().length) {
      throw new IllegalArgumentException(
          "Invalid gradient array: %d values (must be %d, as the images)"
              .formatted(gradient.length, images.pixels().length));
    }
  }

  static void requireWeightsOf(ImageBatch images, float[] weights) {
    if (weights.length != images.count()) {
      throw new IllegalArgumentException(
          "Invalid weights: %d values (must be one for each of %d images)"
              .formatted(weights.length, images.count()));
    }
  }
}
