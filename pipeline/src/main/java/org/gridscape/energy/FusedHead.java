package org.gridscape.energy;

import java.util.Arrays;

/** The dense layer to one number an image; outside the chain but for its constant gradient. */
final class FusedHead {
  private final OneDnn owner;
  private final int images;
  private final int features;
  private final OneDnnTensor output;
  private final OneDnnTensor outputRows;
  private final OneDnnTensor gradientRows;
  private final OneDnnSteps readOutput;
  private final float[] activations;
  private final float[] gradients;
  private final float[] weights;
  private float bias;

  /**
   * A head with weights 0.
   *
   * @param shape of the last convolution
   * @param output of the last block
   */
  FusedHead(OneDnn owner, ConvolutionShape shape, OneDnnTensor output) {
    this.owner = owner;
    this.output = output;
    images = shape.images();
    features = shape.outChannels() * shape.outSide() * shape.outSide();
    readOutput = new OneDnnSteps(owner);
    outputRows = readOutput.converted(output, OneDnn.rowMajor(shape.output()));
    gradientRows = owner.tensor(OneDnn.rowMajor(shape.output()));
    activations = new float[images * features];
    gradients = new float[images * features];
    weights = new float[features];
  }

  /** A tensor for the gradient of the last block's output, laid out as it. */
  OneDnnTensor gradientTensor() {
    return owner.tensor(output.layout());
  }

  /** Steps that lay out what {@link #writeGradient} wrote. */
  OneDnnSteps layOutGradient(OneDnnTensor target) {
    OneDnnSteps steps = new OneDnnSteps(owner);
    steps.reorder(gradientRows, target);
    return steps;
  }

  void load(float[] parameters, int offset) {
    System.arraycopy(parameters, offset, weights, 0, features);
    bias = parameters[offset + features];
  }

  /** f of each image from the last block's output, summed in double. */
  float[] values() {
    readOutput.run();
    outputRows.read(activations, 0);
    float[] values = new float[images];
    for (int image = 0; image < images; image++) {
      double sum = bias;
      for (int i = 0; i < features; i++) {
        sum += (double) weights[i] * activations[image * features + i];
      }
      values[image] = (float) sum;
    }
    return values;
  }

  /** Writes the gradient of sum_i scales_i f(x_i) with respect to the last block's output. */
  void writeGradient(float[] scales) {
    for (int image = 0; image < images; image++) {
      for (int i = 0; i < features; i++) {
        gradients[image * features + i] = scales[image] * weights[i];
      }
    }
    gradientRows.write(gradients, 0);
  }

  /**
   * Adds up the gradient of sum_i scales_i f(x_i) with respect to weights and bias, for the images
   * that {@link #values} was last asked about.
   */
  void store(float[] scales, float[] gradient, int offset) {
    addUp(scales, gradient, offset);
    for (float scale : scales) {
      gradient[offset + features] += scale;
    }
  }

  /** Adds up tangents, laid out in rows, as the gradient with respect to the weights. */
  void storeTangents(OneDnnTensor rows, float[] gradient, int offset) {
    rows.read(activations, 0);
    float[] ones = new float[images];
    Arrays.fill(ones, 1f);
    addUp(ones, gradient, offset);
  }

  private void addUp(float[] scales, float[] gradient, int offset) {
    for (int image = 0; image < images; image++) {
      for (int i = 0; i < features; i++) {
        gradient[offset + i] += scales[image] * activations[image * features + i];
      }
    }
  }
}
