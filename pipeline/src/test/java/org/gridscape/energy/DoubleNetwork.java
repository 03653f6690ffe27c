package org.gridscape.energy;

import java.util.Arrays;
import java.util.List;

/**
 * f of one image in double precision: the witness for engines, which compute in float. Without
 * batch normalisation.
 */
public final class DoubleNetwork {
  private final DoubleConvolutions convolutions;
  private final double[] head;
  private final double bias;

  /**
   * A network with given parameters.
   *
   * @param parameters in the network's flat order
   */
  public DoubleNetwork(GridNetwork network, double[] parameters) {
    network.requireNoBatchNorm();
    NetworkSpec spec = network.spec();
    convolutions =
        new DoubleConvolutions(network.shape(), spec.convolutions(), spec.activation(), parameters);
    head = Arrays.copyOfRange(parameters, convolutions.end(), parameters.length - 1);
    bias = parameters[parameters.length - 1];
  }

  /** f of an image. */
  public double value(double[] pixels) {
    List<double[]> preActivations = convolutions.preActivations(pixels);
    double[] features = convolutions.activated(preActivations.get(preActivations.size() - 1));
    double value = bias;
    for (int i = 0; i < features.length; i++) {
      value += head[i] * features[i];
    }
    return value;
  }

  /** df/dx of an image. */
  public double[] inputGradient(double[] pixels) {
    return convolutions.inputGradient(convolutions.preActivations(pixels), head);
  }

  /** How near the closest kink is: the smallest absolute pre-activation of an image. */
  double distanceToKinks(double[] pixels) {
    return DoubleConvolutions.smallest(convolutions.preActivations(pixels));
  }
}
