package org.gridscape.energy;

import java.util.Arrays;
import java.util.List;
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
  private final List<ReferenceLayer> layers;
  private final NativeArrays buffers = new NativeArrays();
  private INDArray input = NativeArrays.none();
  private INDArray output = NativeArrays.none();
  private INDArray epsilon = NativeArrays.none();
  private int boundCount;
  private long passes;
  private boolean closed;

  /** An engine with all parameters 0. */
  public ReferenceEngine(GridNetwork network) {
    this.network = network;
    layers =
        Dl4jNetwork.configuration(network).getConfs().stream()
            .map(conf -> ReferenceLayer.of(conf.getLayer()))
            .toList();
    bind(1);
  }

  @Override
  public GridNetwork network() {
    return network;
  }

  @Override
  public void load(float[] parameters) {
    requireOpen();
    network.requireParameters(parameters);
    passes++;
    int offset = 0;
    for (ReferenceLayer layer : layers) {
      offset = layer.load(parameters, offset);
    }
  }

  @Override
  public float[] values(ImageBatch images) {
    forward(images);
    float[] values = new float[images.count()];
    NativeArrays.read(output, values, 0);
    return values;
  }

  @Override
  public void inputGradient(ImageBatch images, float[] gradient) {
    GridNetwork.requireGradientOf(images, gradient);
    forward(images);
    NativeArrays.read(backward(ones(images.count())), gradient, 0);
  }

  @Override
  public float[] parameterGradient(ImageBatch images, UnaryOperator<float[]> weights) {
    float[] values = values(images);
    long pass = passes;
    float[] scales = weights.apply(values);
    if (passes != pass || closed) {
      throw new IllegalStateException(EnergyEngine.USED_MEANWHILE);
    }
    GridNetwork.requireWeightsOf(images, scales);
    backward(scales);
    return stored();
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
    requireOpen();
    network.requireNoBatchNorm();
    if (!network.spec().activation().isPiecewiseLinear()) {
      return PenaltyDifference.of(this, images);
    }
    forward(images);
    INDArray gradient = backward(ones(images.count()));
    float[] inputGradient = new float[images.pixels().length];
    NativeArrays.read(gradient, inputGradient, 0);
    input.assign(gradient).muli(2.0 / images.count());
    layers.forEach(ReferenceLayer::tangent);
    return new PenaltyGradient(PenaltyGradient.mean(inputGradient, images.count()), stored());
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1f);
    return ones;
  }

  private float[] stored() {
    float[] gradient = new float[network.parameterCount()];
    int offset = 0;
    for (ReferenceLayer layer : layers) {
      offset = layer.store(gradient, offset);
    }
    return gradient;
  }

  private void forward(ImageBatch images) {
    requireOpen();
    network.requireShapeOf(images);
    passes++;
    bind(images.count());
    NativeArrays.write(images.pixels(), 0, input);
    layers.forEach(ReferenceLayer::forward);
  }

  private INDArray backward(float[] weights) {
    NativeArrays.write(weights, 0, epsilon);
    INDArray gradient = epsilon;
    for (int i = layers.size() - 1; i >= 0; i--) {
      gradient = layers.get(i).backward(gradient);
    }
    return gradient;
  }

  private void bind(int count) {
    if (count == boundCount) {
      return;
    }
    buffers.close();
    int side = network.shape().side();
    input = buffers.create(count, network.shape().channels(), side, side);
    output = input;
    for (ReferenceLayer layer : layers) {
      output = layer.bind(output);
    }
    epsilon = buffers.like(output);
    boundCount = count;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("Cannot use engine: it is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      layers.forEach(ReferenceLayer::close);
      buffers.close();
    }
  }
}
