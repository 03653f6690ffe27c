package org.gridscape.energy;

import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One layer of a DL4J network, run with ND4J operations on buffers that are kept from call to call.
 *
 * <p>DL4J's own convolution layer is not used: in 1.0.0-M2.1 it unfolds the image in generic code,
 * since its oneDNN helper looks for a class that has moved.
 */
sealed interface ReferenceLayer extends AutoCloseable
    permits ReferenceConvolution, ReferenceNormalization, ReferenceActivation, ReferenceHead {

  /**
   * Makes the layer for a configuration.
   *
   * @throws IllegalArgumentException if the reference engine does not run that kind of layer
   */
  static ReferenceLayer of(Layer layer) {
    if (layer instanceof ConvolutionLayer convolution) {
      return new ReferenceConvolution(convolution);
    }
    if (layer instanceof BatchNormalization normalization) {
      return new ReferenceNormalization(normalization);
    }
    if (layer instanceof ActivationLayer activation) {
      return new ReferenceActivation(activation.getActivationFn());
    }
    if (layer instanceof DenseLayer dense && dense.getNOut() == 1) {
      return new ReferenceHead();
    }
    throw new IllegalArgumentException(
        "Cannot run layer %s: the reference engine has convolution, batch normalization, "
                .formatted(layer.getClass().getSimpleName())
            + "activation and a dense layer with one output");
  }

  /** Allocates for inputs of this shape, freeing what was there; returns the output buffer. */
  INDArray bind(INDArray input);

  /** Copies the layer's part of the flat parameters; returns the index after it. */
  int load(float[] parameters, int offset);

  /** Computes the output buffer from the input buffer. */
  void forward();

  /**
   * Computes the gradients from that of the output.
   *
   * @param epsilon gradient of the output; may be overwritten
   * @return gradient of the input; a buffer of this layer
   */
  INDArray backward(INDArray epsilon);

  /**
   * Computes the output buffer from a tangent in the input buffer, without bias and with the slopes
   * of the last forward pass, and the gradients of the weights that belong to the tangent as input
   * and the last backward pass's signals at the output; biases get 0.
   *
   * @throws UnsupportedOperationException by batch normalisation
   */
  void tangent();

  /** Copies the gradient of the layer's parameters; returns the index after it. */
  int store(float[] gradient, int offset);

  @Override
  void close();
}
