package org.gridscape.energy;

import java.util.List;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;

/** How parameters start; the values depend on the seed and the grid alone. */
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
   * @param network on grid {@code grid}, counted from 0
   * @param weights stream of the purpose WEIGHTS
   * @return values in the network's flat order
   */
  public float[] draw(GridNetwork network, int grid, NoiseStream weights) {
    float[] parameters = new float[network.parameterCount()];
    List<GridNetwork.Tensor> tensors = network.tensors();
    for (int t = 0; t < tensors.size(); t++) {
      GridNetwork.Tensor tensor = tensors.get(t);
      float[] values = new float[tensor.length()];
      switch (tensor.role()) {
        case GAMMA -> java.util.Arrays.fill(values, 1f);
        case WEIGHT, BIAS -> {
          weights.uniforms(new NoiseAddress(0, t, grid, 0, 0), values);
          double bound = bound(tensor);
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

  private double bound(GridNetwork.Tensor tensor) {
    return switch (this) {
      case FAN_IN_UNIFORM -> 1 / Math.sqrt(tensor.fanIn());
      case XAVIER_UNIFORM ->
          tensor.role() == GridNetwork.Role.BIAS
              ? 0
              : Math.sqrt(6.0 / (tensor.fanIn() + tensor.fanOut()));
    };
  }
}
