package org.gridscape.energy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * f of one image in double precision, product by product as the layers are defined: the witness for
 * engines, which compute in float. Without batch normalisation.
 */
public final class DoubleNetwork {
  private final Activation activation;
  private final double[] parameters;
  private final List<Layer> layers = new ArrayList<>();
  private final int head;

  /**
   * A network with given parameters.
   *
   * @param parameters in the network's flat order; not copied
   */
  public DoubleNetwork(GridNetwork network, double[] parameters) {
    network.requireNoBatchNorm();
    activation = network.spec().activation();
    this.parameters = parameters;
    int channels = network.shape().channels();
    int side = network.shape().side();
    int offset = 0;
    for (NetworkSpec.Convolution convolution : network.spec().convolutions()) {
      Layer layer = new Layer(convolution, channels, side, offset);
      layers.add(layer);
      channels = convolution.channels();
      side = layer.outputSide();
      offset = layer.end();
    }
    head = offset;
  }

  /** f of an image. */
  public double value(double[] pixels) {
    double[] features = pixels;
    for (double[] z : preActivations(pixels)) {
      features = Arrays.stream(z).map(this::activation).toArray();
    }
    double value = parameters[parameters.length - 1];
    for (int i = 0; i < features.length; i++) {
      value += parameters[head + i] * features[i];
    }
    return value;
  }

  /** df/dx of an image. */
  public double[] inputGradient(double[] pixels) {
    List<double[]> preActivations = preActivations(pixels);
    double[] gradient = Arrays.copyOfRange(parameters, head, parameters.length - 1);
    for (int l = layers.size() - 1; l >= 0; l--) {
      double[] signal = gradient;
      for (int i = 0; i < signal.length; i++) {
        signal[i] *= slope(preActivations.get(l)[i]);
      }
      double[] below = new double[layers.get(l).inputSize()];
      layers.get(l).forEachProduct((out, in, w) -> below[in] += parameters[w] * signal[out]);
      gradient = below;
    }
    return gradient;
  }

  /** How near the closest kink is: the smallest absolute pre-activation of an image. */
  double distanceToKinks(double[] pixels) {
    return preActivations(pixels).stream()
        .flatMapToDouble(Arrays::stream)
        .map(Math::abs)
        .min()
        .orElseThrow();
  }

  private List<double[]> preActivations(double[] pixels) {
    List<double[]> all = new ArrayList<>();
    double[] features = pixels;
    for (Layer layer : layers) {
      double[] input = features;
      double[] z = new double[layer.outputSize()];
      for (int out = 0; out < z.length; out++) {
        z[out] = parameters[layer.bias(out)];
      }
      layer.forEachProduct((out, in, w) -> z[out] += parameters[w] * input[in]);
      all.add(z);
      features = Arrays.stream(z).map(this::activation).toArray();
    }
    return all;
  }

  private double activation(double z) {
    if (activation.isPiecewiseLinear()) {
      return z * slope(z);
    }
    return z * sigmoid(z);
  }

  private double slope(double z) {
    if (activation.isPiecewiseLinear()) {
      double leak = activation instanceof Activation.LeakyRelu leaky ? leaky.slope() : 0;
      return z > 0 ? 1 : leak;
    }
    return sigmoid(z) * (1 + z * (1 - sigmoid(z)));
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  /** One product of a convolution: output sum, input value, index of the weight. */
  private interface Product {
    void accept(int out, int in, int weight);
  }

  /** A convolution with SAME padding, of which the low end gets the smaller half. */
  private record Layer(NetworkSpec.Convolution convolution, int channels, int side, int offset) {
    int outputSide() {
      return convolution.outputSide(side);
    }

    int inputSize() {
      return channels * side * side;
    }

    int outputSize() {
      return convolution.channels() * outputSide() * outputSide();
    }

    int bias(int out) {
      return offset + out / (outputSide() * outputSide());
    }

    int end() {
      return offset + convolution.channels() * (1 + taps());
    }

    private int taps() {
      return channels * convolution.kernel() * convolution.kernel();
    }

    void forEachProduct(Product product) {
      int k = convolution.kernel();
      int stride = convolution.stride();
      int padding = Math.max((outputSide() - 1) * stride + k - side, 0) / 2;
      for (int out = 0; out < outputSize(); out++) {
        int channel = out / (outputSide() * outputSide());
        int top = out / outputSide() % outputSide() * stride - padding;
        int left = out % outputSide() * stride - padding;
        int weights = offset + convolution.channels() + channel * taps();
        for (int tap = 0; tap < taps(); tap++) {
          int y = top + tap / k % k;
          int x = left + tap % k;
          if (y >= 0 && y < side && x >= 0 && x < side) {
            product.accept(out, (tap / (k * k) * side + y) * side + x, weights + tap);
          }
        }
      }
    }
  }
}
