package org.gridscape.energy;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A convolution with what follows it: batch normalisation and an activation, if wanted.
 *
 * <p>Parameters lie in the flat array as {@link GridNetwork} has it. Passes are built in this
 * order: forward, then any number of backward passes.
 */
final class FusedBlock {
  private final OneDnn owner;
  private final ConvolutionShape shape;
  private final OneDnnConvolution convolution;
  private final Optional<OneDnnNormalization> normalization;
  private final Optional<OneDnnActivation> activation;
  private final OneDnnTensor input;
  private final OneDnnTensor convolved;
  private final OneDnnTensor normalized;
  private final OneDnnTensor output;

  /** A block whose forward pass from {@code input} is appended to {@code forward}. */
  FusedBlock(
      OneDnn owner,
      ConvolutionShape shape,
      Optional<Activation> nonLinearity,
      boolean batchNorm,
      OneDnnSteps forward,
      OneDnnTensor input) {
    this.owner = owner;
    this.shape = shape;
    this.input = input;
    OptionalDouble leak = nonLinearity.map(OneDnnActivation::leak).orElse(OptionalDouble.empty());
    boolean activatedInConvolution = leak.isPresent() && !batchNorm;
    convolution =
        new OneDnnConvolution(owner, shape, activatedInConvolution ? leak : OptionalDouble.empty());
    convolved = convolution.forward(forward, input);
    normalization =
        batchNorm
            ? Optional.of(new OneDnnNormalization(owner, convolved.layout()))
            : Optional.empty();
    normalized = normalization.map(n -> n.forward(forward, convolved)).orElse(convolved);
    activation = nonLinearity.map(a -> new OneDnnActivation(owner, a, normalized.layout()));
    output =
        activatedInConvolution
            ? convolved
            : activation.map(a -> a.forward(forward, normalized)).orElse(normalized);
  }

  ConvolutionShape shape() {
    return shape;
  }

  /** What the block gives. */
  OneDnnTensor output() {
    return output;
  }

  /**
   * Appends the way back to the convolution.
   *
   * @param gradient of the output, laid out as it
   * @return gradient of the convolution's result; {@code gradient} itself if nothing follows it
   */
  OneDnnTensor signal(OneDnnSteps steps, OneDnnTensor gradient) {
    if (activation.isEmpty() && normalization.isEmpty()) {
      return gradient;
    }
    OneDnnTensor signal = owner.tensor(output.layout());
    activation.ifPresent(a -> a.backward(steps, normalized, output, gradient, signal));
    normalization.ifPresent(n -> n.backward(steps, convolved, signal));
    return signal;
  }

  /** Appends the gradient of the input, laid out as oneDNN prefers. */
  OneDnnTensor inputGradient(OneDnnSteps steps, OneDnnTensor signal) {
    return convolution.inputGradient(steps, signal);
  }

  /** Appends the gradients of the parameters; those of the normalisation come with the signal. */
  void parameterGradient(OneDnnSteps steps, OneDnnTensor signal) {
    convolution.weightGradient(steps, input, signal);
  }

  /**
   * Appends the pass of a tangent, weights and slopes without bias, and with it the gradient of the
   * weights from tangent and signal.
   *
   * @return the tangent behind the activation, laid out as the block's output
   */
  OneDnnTensor tangent(OneDnnSteps steps, OneDnnTensor tangent, OneDnnTensor signal) {
    convolution.weightGradient(steps, tangent, signal);
    OneDnnTensor next = steps.converted(convolution.linear(steps, tangent), output.layout());
    activation.ifPresent(a -> a.backward(steps, normalized, output, next, next));
    return next;
  }

  /** Copies the block's part of the flat parameters; returns the index after it. */
  int load(float[] parameters, int offset) {
    convolution.load(parameters, offset, offset + shape.outChannels());
    int end = offset + shape.outChannels() + shape.weightCount();
    normalization.ifPresent(n -> n.load(parameters, end));
    return normalization.isPresent() ? end + 4 * shape.outChannels() : end;
  }

  /** Copies the gradient of the block's parameters; returns the index after it. */
  int store(float[] gradient, int offset) {
    convolution.store(gradient, offset, offset + shape.outChannels());
    int end = offset + shape.outChannels() + shape.weightCount();
    if (normalization.isEmpty()) {
      return end;
    }
    normalization.get().store(gradient, end);
    int unused = end + 2 * shape.outChannels();
    Arrays.fill(gradient, unused, unused + 2 * shape.outChannels(), 0f);
    return unused + 2 * shape.outChannels();
  }
}
