package org.gridscape.energy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A network compiled for batches of one size.
 *
 * <p>As weights are, the gradient of the head is laid out when parameters are loaded: it is
 * constant along a chain.
 */
final class FusedProgram implements CompiledNetwork.Program {
  private final OneDnn owner;
  private final GridNetwork network;
  private final FusedConvolutions convolutions;
  private final PixelGradient pixelGradient;
  private final FusedHead head;
  private final OneDnnSteps layOutHead;
  private final OneDnnSteps inputBackward;
  private final OneDnnSteps parameterBackward;
  private final List<OneDnnTensor> inputSignals;
  private Optional<Tangents> tangents = Optional.empty();

  /** The pass behind the gradient of the penalty. */
  private record Tangents(OneDnnSteps steps, OneDnnTensor first, OneDnnTensor lastRows) {}

  private FusedProgram(OneDnn owner, GridNetwork network, int images) {
    this.owner = owner;
    this.network = network;
    inputBackward = new OneDnnSteps(owner);
    convolutions = new FusedConvolutions(owner, network.shape(), images);
    NetworkSpec spec = network.spec();
    for (NetworkSpec.Convolution layer : spec.convolutions()) {
      convolutions.append(layer, Optional.of(spec.activation()), spec.batchNorm());
    }
    FusedBlock last = convolutions.last();
    head = new FusedHead(owner, last.shape(), last.output());

    OneDnnTensor headGradient = head.gradientTensor();
    layOutHead = head.layOutGradient(headGradient);
    inputSignals = convolutions.appendSignals(inputBackward, headGradient, false);
    pixelGradient =
        PixelGradient.append(owner, convolutions.first(), inputBackward, inputSignals.get(0));

    OneDnnTensor scaledHeadGradient = head.gradientTensor();
    parameterBackward = head.layOutGradient(scaledHeadGradient);
    convolutions.appendSignals(parameterBackward, scaledHeadGradient, true);
  }

  /** Compiles; parameters are undefined until {@link #load}. */
  static FusedProgram compile(GridNetwork network, int images) {
    return OneDnn.owning(owner -> new FusedProgram(owner, network, images));
  }

  @Override
  public int images() {
    return convolutions.images();
  }

  @Override
  public void load(float[] parameters) {
    head.load(parameters, convolutions.load(parameters));
    pixelGradient.load(parameters);
    float[] ones = new float[images()];
    Arrays.fill(ones, 1f);
    head.writeGradient(ones);
    layOutHead.run();
  }

  float[] values(float[] pixels) {
    convolutions.run(pixels);
    return head.values();
  }

  void inputGradient(float[] pixels, float[] gradient) {
    convolutions.run(pixels);
    inputBackward.run();
    pixelGradient.read(gradient);
  }

  /** For the images that {@link #values} was last asked about. */
  float[] parameterGradient(float[] weights) {
    head.writeGradient(weights);
    parameterBackward.run();
    float[] gradient = new float[network.parameterCount()];
    int headAt = convolutions.store(gradient);
    head.store(weights, gradient, headAt);
    return gradient;
  }

  /**
   * Compiles the tangent pass; returns whether it was not there, so that weights must be loaded.
   */
  boolean compileTangents() {
    if (tangents.isPresent()) {
      return false;
    }
    OneDnnSteps steps = new OneDnnSteps(owner);
    OneDnnTensor first = owner.tensor(convolutions.input().layout());
    OneDnnTensor tangent = convolutions.appendTangents(steps, first, inputSignals);
    OneDnnTensor rows =
        steps.converted(tangent, OneDnn.rowMajor(convolutions.last().shape().output()));
    tangents = Optional.of(new Tangents(steps, first, rows));
    return true;
  }

  /** As {@link ReferenceEngine#penaltyGradient} has it for piecewise linear activations. */
  PenaltyGradient penaltyGradient(float[] pixels) {
    Tangents pass = tangents.orElseThrow();
    float[] tangent = new float[pixels.length];
    inputGradient(pixels, tangent);
    double mean = PenaltyGradient.mean(tangent, images());
    for (int i = 0; i < tangent.length; i++) {
      tangent[i] *= 2f / images();
    }
    pass.first().write(tangent, 0);
    pass.steps().run();
    float[] gradient = new float[network.parameterCount()];
    int headAt = convolutions.store(gradient);
    head.storeTangents(pass.lastRows(), gradient, headAt);
    for (Network.Tensor tensor : network.tensors()) {
      if (tensor.role() == Network.Role.BIAS) {
        Arrays.fill(gradient, tensor.offset(), tensor.offset() + tensor.length(), 0f);
      }
    }
    return new PenaltyGradient(mean, gradient);
  }

  @Override
  public void close() {
    owner.close();
  }
}
