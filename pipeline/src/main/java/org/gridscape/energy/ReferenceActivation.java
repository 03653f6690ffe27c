package org.gridscape.energy;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An element-wise non-linearity. */
final class ReferenceActivation implements ReferenceLayer {
  private final IActivation function;
  private final NativeArrays arrays = new NativeArrays();
  private INDArray input = NativeArrays.none();
  private INDArray output = NativeArrays.none();

  ReferenceActivation(IActivation function) {
    this.function = function;
  }

  @Override
  public INDArray bind(INDArray newInput) {
    arrays.close();
    input = newInput;
    output = arrays.like(newInput);
    return output;
  }

  @Override
  public int load(float[] parameters, int offset) {
    return offset;
  }

  @Override
  public void forward() {
    output.assign(input);
    function.getActivation(output, true);
  }

  @Override
  public INDArray backward(INDArray epsilon) {
    return function.backprop(input, epsilon).getFirst();
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
