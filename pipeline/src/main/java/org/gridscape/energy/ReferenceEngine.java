package org.gridscape.energy;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.gridscape.image.ImageBatch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The engine that defines what is right: the network is a DL4J network, run layer by layer with
 * ND4J operations in float, on whichever backend is on the class path.
 *
 * <p>Every backward pass also computes the gradients of the parameters, even where a chain has no
 * use for them.
 */
public final class ReferenceEngine implements EnergyEngine {
  private final GridNetwork network;
  private final ReferenceLayers layers;
  private long passes;

  /** An engine with all parameters 0. */
  public ReferenceEngine(GridNetwork network) {
    this.network = network;
    layers =
        new ReferenceLayers(
            Dl4jNetwork.configuration(network).getConfs().stream()
                .map(conf -> ReferenceLayer.of(conf.getLayer()))
                .toList(),
            network.shape());
  }

  @Override
  public GridNetwork network() {
    return network;
  }

  @Override
  public void load(float[] parameters) {
    layers.requireOpen();
    network.requireParameters(parameters);
    passes++;
    layers.load(parameters);
  }

  @Override
  public float[] values(ImageBatch images) {
    float[] values = new float[images.count()];
    NativeArrays.read(forward(images), values, 0);
    return values;
  }

  @Override
  public void inputGradient(ImageBatch images, float[] gradient) {
    GridNetwork.requireGradientOf(images, gradient);
    forward(images);
    NativeArrays.read(layers.backward(ones(images.count())), gradient, 0);
  }

  @Override
  public float[] parameterGradient(ImageBatch images, UnaryOperator<float[]> weights) {
    float[] values = values(images);
    long pass = passes;
    float[] scales = weights.apply(values);
    if (passes != pass || layers.isClosed()) {
      throw new IllegalStateException(EnergyEngine.USED_MEANWHILE);
    }
    GridNetwork.requireWeightsOf(images, scales);
    layers.backward(scales);
    return layers.stored(network.parameterCount());
  }

  /**
   * With ReLU and LeakyReLU in one more pass over the layers (derived). Let D_l be the slopes and
   * W_l the weights of layer l and w the head's, so that g = df/dx = W_1' D_1 ... W_L' D_L w. Then
   * d |g|^2/2 = g' dg = sum_l s_l' dW_l t_(l-1), with the signals s_l = D_l W_(l+1)' s_(l+1) at the
   * output of W_l, which the backward pass leaves behind, and the tangents t_0 = g, t_l = D_l W_l
   * t_(l-1): the gradient of |g|^2/2 is the ordinary one of W_l with input t_(l-1) and output
   * signal s_l. All t are linear in t_0, so the factor 2/n enters there.
   */
  @Override
  public PenaltyGradient penaltyGradient(ImageBatch images) {
    layers.requireOpen();
    network.requireNoBatchNorm();
    if (!network.spec().activation().isPiecewiseLinear()) {
      return PenaltyDifference.of(this, images);
    }
    forward(images);
    INDArray gradient = layers.backward(ones(images.count()));
    float[] inputGradient = new float[images.pixels().length];
    NativeArrays.read(gradient, inputGradient, 0);
    layers.tangent(gradient, 2.0 / images.count());
    return new PenaltyGradient(
        PenaltyGradient.mean(inputGradient, images.count()),
        layers.stored(network.parameterCount()));
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1f);
    return ones;
  }

  private INDArray forward(ImageBatch images) {
    layers.requireOpen();
    network.requireShapeOf(images);
    passes++;
    return layers.forward(images);
  }

  @Override
  public void close() {
    layers.close();
  }
}
