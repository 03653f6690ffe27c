package org.gridscape.energy;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Batch normalisation with the statistics of the batch at hand, in sampling as in learning, as the
 * authors' released code has it.
 */
final class ReferenceNormalization implements ReferenceLayer {
  private static final int[] ALL_BUT_CHANNELS = {0, 2, 3};
  private static final int CHANNELS = 1;

  private final BatchNormalization layer;
  private final NativeArrays parameters = new NativeArrays();
  private final NativeArrays buffers = new NativeArrays();
  private final INDArray gamma;
  private final INDArray beta;
  private final INDArray gammaGradient;
  private final INDArray betaGradient;
  private final INDArray deviation;
  private INDArray input = NativeArrays.none();
  private INDArray normalized = NativeArrays.none();
  private INDArray output = NativeArrays.none();
  private INDArray scratch = NativeArrays.none();

  ReferenceNormalization(BatchNormalization layer) {
    this.layer = layer;
    gamma = parameters.create(layer.getNOut());
    beta = parameters.like(gamma);
    gammaGradient = parameters.like(gamma);
    betaGradient = parameters.like(gamma);
    deviation = parameters.like(gamma);
  }

  @Override
  public INDArray bind(INDArray newInput) {
    buffers.close();
    input = newInput;
    normalized = buffers.like(input);
    output = buffers.like(input);
    scratch = buffers.like(input);
    return output;
  }

  @Override
  public int load(float[] values, int offset) {
    int end = NativeArrays.write(values, NativeArrays.write(values, offset, gamma), beta);
    return end + 2 * (int) gamma.length();
  }

  @Override
  public void forward() {
    try (INDArray mean = input.mean(ALL_BUT_CHANNELS)) {
      Broadcast.sub(input, mean, normalized, CHANNELS);
    }
    scratch.assign(normalized).muli(normalized);
    try (INDArray variance = scratch.mean(ALL_BUT_CHANNELS)) {
      deviation.assign(Transforms.sqrt(variance.addi(layer.getEps()), false));
    }
    Broadcast.div(normalized, deviation, normalized, CHANNELS);
    Broadcast.mul(normalized, gamma, output, CHANNELS);
    Broadcast.add(output, beta, output, CHANNELS);
  }

  /** Source: Ioffe, Szegedy 2015, the gradients of the normalising transform. */
  @Override
  public INDArray backward(INDArray epsilon) {
    try (INDArray sum = epsilon.sum(ALL_BUT_CHANNELS)) {
      betaGradient.assign(sum);
    }
    scratch.assign(epsilon).muli(normalized);
    try (INDArray sum = scratch.sum(ALL_BUT_CHANNELS)) {
      gammaGradient.assign(sum);
    }
    double perChannel = (double) input.length() / gamma.length();
    try (INDArray meanEpsilon = betaGradient.div(perChannel);
        INDArray meanProduct = gammaGradient.div(perChannel);
        INDArray scale = gamma.div(deviation)) {
      Broadcast.mul(normalized, meanProduct, scratch, CHANNELS);
      scratch.rsubi(epsilon);
      Broadcast.sub(scratch, meanEpsilon, scratch, CHANNELS);
      Broadcast.mul(scratch, scale, scratch, CHANNELS);
    }
    return scratch;
  }

  @Override
  public void tangent() {
    throw new UnsupportedOperationException(
        "Cannot take tangent through batch normalization: its slopes depend on the whole batch");
  }

  @Override
  public int store(float[] gradient, int offset) {
    int end =
        NativeArrays.read(
            betaGradient, gradient, NativeArrays.read(gammaGradient, gradient, offset));
    int unused = 2 * (int) gamma.length();
    Arrays.fill(gradient, end, end + unused, 0f);
    return end + unused;
  }

  @Override
  public void close() {
    buffers.close();
    parameters.close();
  }
}
