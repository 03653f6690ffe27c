package org.gridscape.energy;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** A convolution with SAME padding and bias, and the activation that DL4J keeps in the layer. */
final class ReferenceConvolution implements ReferenceLayer {
  private static final int SAME_PADDING = 1;
  private static final int CHANNELS_FIRST = 0;
  private static final int WEIGHTS_OUT_IN_K_K = 1;

  private final ConvolutionLayer layer;
  private final ReferenceActivation activation;
  private final NativeArrays parameters = new NativeArrays();
  private final NativeArrays buffers = new NativeArrays();
  private final INDArray bias;
  private final INDArray weights;
  private final INDArray biasGradient;
  private final INDArray weightGradient;
  private INDArray input = NativeArrays.none();
  private INDArray preActivation = NativeArrays.none();
  private INDArray inputGradient = NativeArrays.none();
  private INDArray signal = NativeArrays.none();

  ReferenceConvolution(ConvolutionLayer layer) {
    if (layer.getConvolutionMode() != ConvolutionMode.Same) {
      throw new IllegalArgumentException(
          "Cannot run convolution: padding %s (must be Same)"
              .formatted(layer.getConvolutionMode()));
    }
    this.layer = layer;
    activation = new ReferenceActivation(layer.getActivationFn());
    int[] kernel = layer.getKernelSize();
    bias = parameters.create(layer.getNOut());
    weights = parameters.create(layer.getNOut(), layer.getNIn(), kernel[0], kernel[1]);
    biasGradient = parameters.like(bias);
    weightGradient = parameters.like(weights);
  }

  @Override
  public INDArray bind(INDArray newInput) {
    buffers.close();
    input = newInput;
    int[] stride = layer.getStride();
    preActivation =
        buffers.create(
            input.size(0),
            layer.getNOut(),
            (input.size(2) + stride[0] - 1) / stride[0],
            (input.size(3) + stride[1] - 1) / stride[1]);
    inputGradient = buffers.like(input);
    return activation.bind(preActivation);
  }

  @Override
  public int load(float[] values, int offset) {
    return NativeArrays.write(values, NativeArrays.write(values, offset, bias), weights);
  }

  @Override
  public void forward() {
    Nd4j.exec(
        operation("conv2d").addInputs(input, weights, bias).addOutputs(preActivation).build());
    activation.forward();
  }

  @Override
  public INDArray backward(INDArray epsilon) {
    signal = activation.backward(epsilon);
    Nd4j.exec(
        operation("conv2d_bp")
            .addInputs(input, weights, bias, signal)
            .addOutputs(inputGradient, weightGradient, biasGradient)
            .build());
    return inputGradient;
  }

  @Override
  public void tangent() {
    Nd4j.exec(
        operation("conv2d_bp")
            .addInputs(input, weights, signal)
            .addOutputs(inputGradient, weightGradient)
            .build());
    biasGradient.assign(0);
    Nd4j.exec(operation("conv2d").addInputs(input, weights).addOutputs(preActivation).build());
    activation.tangent();
  }

  private DynamicCustomOp.DynamicCustomOpsBuilder operation(String name) {
    int[] kernel = layer.getKernelSize();
    int[] stride = layer.getStride();
    return DynamicCustomOp.builder(name)
        .addIntegerArguments(
            kernel[0],
            kernel[1],
            stride[0],
            stride[1],
            0,
            0,
            1,
            1,
            SAME_PADDING,
            CHANNELS_FIRST,
            WEIGHTS_OUT_IN_K_K);
  }

  @Override
  public int store(float[] gradient, int offset) {
    return NativeArrays.read(
        weightGradient, gradient, NativeArrays.read(biasGradient, gradient, offset));
  }

  @Override
  public void close() {
    activation.close();
    buffers.close();
    parameters.close();
  }
}
