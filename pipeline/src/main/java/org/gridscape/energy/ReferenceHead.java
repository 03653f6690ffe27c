package org.gridscape.energy;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The dense layer to one number an image, without activation. */
final class ReferenceHead implements ReferenceLayer {
  private final NativeArrays parameters = new NativeArrays();
  private final NativeArrays buffers = new NativeArrays();
  private INDArray bias = NativeArrays.none();
  private INDArray weights = NativeArrays.none();
  private INDArray weightGradient = NativeArrays.none();
  private INDArray biasGradient = NativeArrays.none();
  private INDArray input = NativeArrays.none();
  private INDArray features = NativeArrays.none();
  private INDArray output = NativeArrays.none();
  private INDArray inputGradient = NativeArrays.none();

  @Override
  public INDArray bind(INDArray newInput) {
    buffers.close();
    input = newInput;
    long images = input.size(0);
    long length = input.length() / images;
    if (weights.isEmpty()) {
      weights = parameters.create(length, 1);
      bias = parameters.create(1);
      weightGradient = parameters.like(weights);
      biasGradient = parameters.like(bias);
    }
    features = input.reshape(images, length);
    output = buffers.create(images, 1);
    inputGradient = buffers.like(features);
    return output;
  }

  @Override
  public int load(float[] values, int offset) {
    return NativeArrays.write(values, NativeArrays.write(values, offset, weights), bias);
  }

  @Override
  public void forward() {
    features.mmuli(weights, output);
    output.addi(bias.getFloat(0));
  }

  @Override
  public INDArray backward(INDArray epsilon) {
    epsilon.mmuli(weights.transpose(), inputGradient);
    try (INDArray product = features.transpose().mmul(epsilon);
        INDArray sum = epsilon.sum(0)) {
      weightGradient.assign(product);
      biasGradient.assign(sum);
    }
    return inputGradient.reshape(input.shape());
  }

  /** The signal is 1 an image; f is the last, so nothing reads the output. */
  @Override
  public void tangent() {
    try (INDArray sum = features.sum(true, 0)) {
      weightGradient.assign(sum.reshape(weightGradient.shape()));
    }
    biasGradient.assign(0);
  }

  @Override
  public int store(float[] gradient, int offset) {
    return NativeArrays.read(
        biasGradient, gradient, NativeArrays.read(weightGradient, gradient, offset));
  }

  @Override
  public void close() {
    buffers.close();
    parameters.close();
  }
}
