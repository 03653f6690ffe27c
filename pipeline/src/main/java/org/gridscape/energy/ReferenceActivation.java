package org.gridscape.energy;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.gradient.LeakyReLUDerivative;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An element-wise non-linearity.
 *
 * <p>Its slopes are kept from the forward pass, so that the other passes are products. ND4J's own
 * forward and backward LeakyReLU take ten times as long, and its derivative of SiLU is NaN above
 * 44, where the square of the exponential overflows.
 */
final class ReferenceActivation implements ReferenceLayer {
  private final IActivation function;
  private final NativeArrays arrays = new NativeArrays();
  private INDArray input = NativeArrays.none();
  private INDArray slope = NativeArrays.none();
  private INDArray output = NativeArrays.none();
  private INDArray inputGradient = NativeArrays.none();

  ReferenceActivation(IActivation function) {
    if (!(isPiecewiseLinear(function)
        || function instanceof ActivationSwish
        || function instanceof ActivationIdentity)) {
      throw new IllegalArgumentException(
          "Cannot run activation %s: the reference engine has relu, leaky relu, swish and identity"
              .formatted(function));
    }
    this.function = function;
  }

  @Override
  public INDArray bind(INDArray newInput) {
    arrays.close();
    input = newInput;
    slope = arrays.like(newInput);
    output = arrays.like(newInput);
    inputGradient = arrays.like(newInput);
    return output;
  }

  @Override
  public int load(float[] parameters, int offset) {
    return offset;
  }

  @Override
  public void forward() {
    if (isPiecewiseLinear(function)) {
      double leak = function instanceof ActivationLReLU leaky ? leaky.getAlpha() : 0;
      Nd4j.getExecutioner().exec(new LeakyReLUDerivative(input, slope, leak));
      input.muli(slope, output);
    } else if (function instanceof ActivationSwish) {
      Nd4j.getExecutioner().exec(new Sigmoid(input, slope));
      input.muli(slope, output);
      // With s = sigmoid(z) and y = z s the slope is s + z s (1 - s) = s + y - y s.
      output.muli(slope, inputGradient);
      slope.addi(output).subi(inputGradient);
    } else {
      slope.assign(1);
      output.assign(input);
    }
  }

  @Override
  public INDArray backward(INDArray epsilon) {
    epsilon.muli(slope, inputGradient);
    return inputGradient;
  }

  @Override
  public void tangent() {
    input.muli(slope, output);
  }

  private static boolean isPiecewiseLinear(IActivation function) {
    return function instanceof ActivationLReLU || function instanceof ActivationReLU;
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
