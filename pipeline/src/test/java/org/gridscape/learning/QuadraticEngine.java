package org.gridscape.learning;

import java.util.function.UnaryOperator;
import org.gridscape.energy.Activation;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.NetworkSpec;
import org.gridscape.energy.PenaltyGradient;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;

/**
 * f(x) = - a |x|^2 / 2, of which everything is known: under it the pixels are independent, normal,
 * of variance 1 / a.
 *
 * <p>Only a is learned. It is the first parameter of the network that the engine goes by; the
 * others are neither read nor moved.
 */
final class QuadraticEngine implements EnergyEngine {
  private final GridNetwork network;
  private float a;

  QuadraticEngine(ImageShape shape, double a) {
    network =
        new GridNetwork(NetworkSpec.parse("1x1-1, dense 1", new Activation.Relu(), false), shape);
    this.a = (float) a;
  }

  @Override
  public GridNetwork network() {
    return network;
  }

  @Override
  public void load(float[] parameters) {
    network.requireParameters(parameters);
    a = parameters[0];
  }

  @Override
  public float[] values(ImageBatch images) {
    float[] values = new float[images.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (-0.5 * a * squares(images, i));
    }
    return values;
  }

  @Override
  public void inputGradient(ImageBatch images, float[] gradient) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = -a * images.pixels()[i];
    }
  }

  @Override
  public float[] parameterGradient(ImageBatch images, UnaryOperator<float[]> weights) {
    float[] applied = weights.apply(values(images));
    double sum = 0;
    for (int i = 0; i < images.count(); i++) {
      sum -= 0.5 * applied[i] * squares(images, i);
    }
    return onlyA(sum);
  }

  @Override
  public PenaltyGradient penaltyGradient(ImageBatch images) {
    double sum = 0;
    for (int i = 0; i < images.count(); i++) {
      sum += squares(images, i);
    }
    double mean = sum / images.count();
    return new PenaltyGradient(a * a * mean, onlyA(2 * a * mean));
  }

  @Override
  public void close() {}

  private float[] onlyA(double derivative) {
    float[] gradient = new float[network.parameterCount()];
    gradient[0] = (float) derivative;
    return gradient;
  }

  private static double squares(ImageBatch images, int image) {
    int size = images.shape().size();
    double sum = 0;
    for (int i = image * size; i < (image + 1) * size; i++) {
      sum += (double) images.pixels()[i] * images.pixels()[i];
    }
    return sum;
  }
}
