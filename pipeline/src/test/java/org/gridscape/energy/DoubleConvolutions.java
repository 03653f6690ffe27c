package org.gridscape.energy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gridscape.image.ImageShape;

/**
 * The convolutions of a network over one image in double precision, product by product as the
 * layers are defined: the witness for engines, which compute in float. Without batch normalisation.
 */
final class DoubleConvolutions {
  private final Activation activation;
  private final double[] parameters;
  private final List<Layer> layers = new ArrayList<>();

  /**
   * Convolutions with given parameters.
   *
   * @param parameters in flat order, theirs first; not copied
   */
  DoubleConvolutions(
      ImageShape input,
      List<NetworkSpec.Convolution> convolutions,
      Activation activation,
      double[] parameters) {
    this.activation = activation;
    this.parameters = parameters;
    int channels = input.channels();
    int side = input.side();
    int offset = 0;
    for (NetworkSpec.Convolution convolution : convolutions) {
      Layer layer = new Layer(convolution, channels, side, offset);
      layers.add(layer);
      channels = convolution.channels();
      side = layer.outputSide();
      offset = layer.end();
    }
  }

  /** Index after the last parameter. */
  int end() {
    return layers.get(layers.size() - 1).end();
  }

  /** The sums of every convolution over an image, before the activation. */
  List<double[]> preActivations(double[] pixels) {
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
      features = activated(z);
    }
    return all;
  }

  /** What the activation makes of the sums of a convolution. */
  double[] activated(double[] preActivations) {
    return Arrays.stream(preActivations).map(this::activation).toArray();
  }

  /**
   * The gradient of an image.
   *
   * @param preActivations of the image
   * @param top gradient of what the last activation gives
   */
  double[] inputGradient(List<double[]> preActivations, double[] top) {
    double[] gradient = top;
    for (int l = layers.size() - 1; l >= 0; l--) {
      double[] signal = gradient.clone();
      for (int i = 0; i < signal.length; i++) {
        signal[i] *= slope(preActivations.get(l)[i]);
      }
      double[] below = new double[layers.get(l).inputSize()];
      layers.get(l).forEachProduct((out, in, w) -> below[in] += parameters[w] * signal[out]);
      gradient = below;
    }
    return gradient;
  }

  /** The smallest absolute value: how near the closest kink is; infinite of none. */
  static double smallest(List<double[]> preActivations) {
    return preActivations.stream()
        .flatMapToDouble(Arrays::stream)
        .map(Math::abs)
        .min()
        .orElse(Double.POSITIVE_INFINITY);
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
