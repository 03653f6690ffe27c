package org.gridscape.energy;

import java.util.List;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;

/** How parameters start; the values depend on the seed and the network alone. */
public enum InitialParameters {
  /**
   * Weights and biases uniform in +-1/sqrt(fan-in), the habit of PyTorch, with which the preset
   * {@code stable} was found.
   */
  FAN_IN_UNIFORM,
  /**
   * Weights uniform in +-sqrt(6 / (fan-in + fan-out)), biases 0. Source: Glorot, Bengio 2010; used
   * by the authors' released code.
   */
  XAVIER_UNIFORM;

  /**
   * Draws the parameters of a network.
   *
   * @param network whose parameters are drawn
   * @param index of the network in its model, grids first, coarse to fine from 0
   * @param weights stream of the purpose WEIGHTS
   * @return values in the network's flat order
   */
  public float[] draw(Network network, int index, NoiseStream weights) {
    float[] parameters = new float[network.parameterCount()];
    List<Network.Tensor> tensors = network.tensors();
    for (int t = 0; t < tensors.size(); t++) {
      Network.Tensor tensor = tensors.get(t);
      float[] values = new float[tensor.length()];
      switch (tensor.role()) {
        case GAMMA -> java.util.Arrays.fill(values, 1f);
        case WEIGHT, BIAS -> {
          weights.uniforms(new NoiseAddress(0, t, index, 0, 0), values);
          double bound = tensor.zero() ? 0 : bound(tensor);
          for (int i = 0; i < values.length; i++) {
            // A bound of 0 gives 0, not a 0 of either sign.
            values[i] = bound == 0 ? 0f : (float) (bound * (2.0 * values[i] - 1));
          }
        }
        case BETA, UNUSED -> {}
      }
      System.arraycopy(values, 0, parameters, tensor.offset(), values.length);
    }
    return parameters;
  }

  private double bound(Network.Tensor tensor) {
    return switch (this) {
      case FAN_IN_UNIFORM -> 1 / Math.sqrt(tensor.fanIn());
      case XAVIER_UNIFORM ->
          tensor.role() == Network.Role.BIAS
              ? 0
              : Math.sqrt(6.0 / (tensor.fanIn() + tensor.fanOut()));
    };
  }
}
