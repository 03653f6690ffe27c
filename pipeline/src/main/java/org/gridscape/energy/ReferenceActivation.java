package org.gridscape.energy;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.gradient.LeakyReLUDerivative;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An element-wise non-linearity.
 *
 * <p>ReLU and LeakyReLU keep their slopes, 1 or the leak, from the forward pass: both passes are
 * then products, which ND4J runs ten times as fast as its own forward and backward LeakyReLU.
 */
final class ReferenceActivation implements ReferenceLayer {
  private final IActivation function;
  private final NativeArrays arrays = new NativeArrays();
  private INDArray input = NativeArrays.none();
  private INDArray slope = NativeArrays.none();
  private INDArray output = NativeArrays.none();
  private INDArray inputGradient = NativeArrays.none();

  ReferenceActivation(IActivation function) {
    this.function = function;
  }

  @Override
  public INDArray bind(INDArray newInput) {
    arrays.close();
    input = newInput;
    output = arrays.like(newInput);
    inputGradient = arrays.like(newInput);
    if (isPiecewiseLinear()) {
      slope = arrays.like(newInput);
    }
    return output;
  }

  @Override
  public int load(float[] parameters, int offset) {
    return offset;
  }

  @Override
  public void forward() {
    if (isPiecewiseLinear()) {
      Nd4j.getExecutioner().exec(new LeakyReLUDerivative(input, slope, leak()));
      input.muli(slope, output);
    } else {
      output.assign(input);
      function.getActivation(output, true);
    }
  }

  @Override
  public INDArray backward(INDArray epsilon) {
    if (isPiecewiseLinear()) {
      epsilon.muli(slope, inputGradient);
      return inputGradient;
    }
    INDArray gradient = function.backprop(input, epsilon).getFirst();
    inputGradient.assign(gradient);
    if (gradient != input && gradient != epsilon) {
      gradient.close();
    }
    return inputGradient;
  }

  @Override
  public void tangent() {
    if (!isPiecewiseLinear()) {
      ReferenceLayer.super.tangent();
    }
    input.muli(slope, output);
  }

  private boolean isPiecewiseLinear() {
    return function instanceof ActivationLReLU || function instanceof ActivationReLU;
  }

  private double leak() {
    return function instanceof ActivationLReLU leaky ? leaky.getAlpha() : 0;
  }

  @Override
  public int store(float[] gradient, int offset) {
    return offset;
  }

  @Override
  public void close() {
    arrays.close();
  }
}
