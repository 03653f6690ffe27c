package org.gridscape.energy;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/**
 * A convolution with bias, its weights kept in the layouts that its passes want: they are laid out
 * when they are loaded, not when they are used.
 */
final class OneDnnConvolution {
  private final OneDnn owner;
  private final ConvolutionShape shape;
  private final convolution_forward.primitive_desc forward;
  private final OneDnnTensor weights;
  private final OneDnnTensor bias;
  private final OneDnnTensor weightGradient;
  private final OneDnnTensor biasGradient;
  private final OneDnnSteps layout;
  private final Optional<WinogradConvolution> winogradForward;
  private final Optional<WinogradConvolution> winogradBackward;

  /**
   * A convolution with weights and bias undefined.
   *
   * @param leak of the activation that the forward pass applies; none for no activation
   */
  OneDnnConvolution(OneDnn owner, ConvolutionShape shape, OptionalDouble leak) {
    this.owner = owner;
    this.shape = shape;
    forward = owner.own(forwardPass(leak));
    weights = owner.tensor(OneDnn.rowMajor(shape.weights()));
    bias = owner.tensor(forward.bias_desc());
    weightGradient = owner.tensor(OneDnn.rowMajor(shape.weights()));
    biasGradient = owner.tensor(forward.bias_desc());
    layout = new OneDnnSteps(owner);
    boolean winograd = WinogradConvolution.pays(shape);
    winogradForward =
        winograd ? Optional.of(WinogradConvolution.forward(owner, shape, leak)) : Optional.empty();
    winogradBackward =
        winograd ? Optional.of(WinogradConvolution.backward(owner, shape)) : Optional.empty();
  }

  private convolution_forward.primitive_desc forwardPass(OptionalDouble leak) {
    return new convolution_forward.primitive_desc(
        new convolution_forward.desc(
            dnnl.dnnl_forward_training,
            dnnl.dnnl_convolution_direct,
            OneDnn.any(shape.input()),
            OneDnn.any(shape.weights()),
            OneDnn.any(shape.outChannels()),
            OneDnn.any(shape.output()),
            both(shape.stride()),
            both(shape.padLow()),
            both(shape.padHigh())),
        OneDnn.attributes(leak),
        owner.engine());
  }

  private static long[] both(int size) {
    return new long[] {size, size};
  }

  /** Copies bias and weights from a flat array, the weights as [out, in, k, k]. */
  void load(float[] values, int biasAt, int weightsAt) {
    bias.write(values, biasAt);
    weights.write(values, weightsAt);
    layout.run();
    winogradForward.ifPresent(w -> w.loadForward(values, biasAt, weightsAt));
    winogradBackward.ifPresent(w -> w.loadBackward(values, weightsAt));
  }

  /** Appends the forward pass; returns its output. */
  OneDnnTensor forward(OneDnnSteps steps, OneDnnTensor input) {
    if (winogradForward.isPresent()) {
      return winogradForward.get().append(steps, input);
    }
    return append(steps, input, forward, bias);
  }

  /** Appends the forward pass without bias and activation; returns its output. */
  OneDnnTensor linear(OneDnnSteps steps, OneDnnTensor input) {
    convolution_forward.primitive_desc linear = owner.own(forwardPass(OptionalDouble.empty()));
    OneDnnTensor zero = owner.tensor(linear.bias_desc());
    zero.write(new float[zero.length()], 0);
    return append(steps, input, linear, zero);
  }

  private OneDnnTensor append(
      OneDnnSteps steps,
      OneDnnTensor input,
      convolution_forward.primitive_desc pass,
      OneDnnTensor added) {
    OneDnnTensor output = owner.tensor(pass.dst_desc());
    steps.add(
        new convolution_forward(pass),
        pass,
        Map.of(
            dnnl.DNNL_ARG_SRC,
            steps.converted(input, pass.src_desc()),
            dnnl.DNNL_ARG_WEIGHTS,
            layout.converted(weights, pass.weights_desc()),
            dnnl.DNNL_ARG_BIAS,
            added,
            dnnl.DNNL_ARG_DST,
            output));
    return output;
  }

  /**
   * Appends the gradient of the input.
   *
   * @param signal gradient of the output before the activation
   */
  OneDnnTensor inputGradient(OneDnnSteps steps, OneDnnTensor signal) {
    if (winogradBackward.isPresent()) {
      return winogradBackward.get().append(steps, signal);
    }
    convolution_backward_data.primitive_desc backward =
        owner.own(
            new convolution_backward_data.primitive_desc(
                new convolution_backward_data.desc(
                    dnnl.dnnl_convolution_direct,
                    OneDnn.any(shape.input()),
                    OneDnn.any(shape.weights()),
                    OneDnn.any(shape.output()),
                    both(shape.stride()),
                    both(shape.padLow()),
                    both(shape.padHigh())),
                OneDnn.attributes(),
                owner.engine(),
                forward));
    OneDnnTensor gradient = owner.tensor(backward.diff_src_desc());
    steps.add(
        new convolution_backward_data(backward),
        backward,
        Map.of(
            dnnl.DNNL_ARG_DIFF_DST,
            steps.converted(signal, backward.diff_dst_desc()),
            dnnl.DNNL_ARG_WEIGHTS,
            layout.converted(weights, backward.weights_desc()),
            dnnl.DNNL_ARG_DIFF_SRC,
            gradient));
    return gradient;
  }

  /** Appends the gradients of weights and bias, to be fetched by {@link #store}. */
  void weightGradient(OneDnnSteps steps, OneDnnTensor input, OneDnnTensor signal) {
    convolution_backward_weights.primitive_desc backward =
        owner.own(
            new convolution_backward_weights.primitive_desc(
                new convolution_backward_weights.desc(
                    dnnl.dnnl_convolution_direct,
                    OneDnn.any(shape.input()),
                    OneDnn.any(shape.weights()),
                    OneDnn.any(shape.outChannels()),
                    OneDnn.any(shape.output()),
                    both(shape.stride()),
                    both(shape.padLow()),
                    both(shape.padHigh())),
                OneDnn.attributes(),
                owner.engine(),
                forward));
    memory.desc layoutOfGradient = backward.diff_weights_desc();
    boolean direct = weightGradient.isLaidOutAs(layoutOfGradient);
    OneDnnTensor gradient = direct ? weightGradient : owner.tensor(layoutOfGradient);
    steps.add(
        new convolution_backward_weights(backward),
        backward,
        Map.of(
            dnnl.DNNL_ARG_SRC,
            steps.converted(input, backward.src_desc()),
            dnnl.DNNL_ARG_DIFF_DST,
            steps.converted(signal, backward.diff_dst_desc()),
            dnnl.DNNL_ARG_DIFF_WEIGHTS,
            gradient,
            dnnl.DNNL_ARG_DIFF_BIAS,
            biasGradient));
    if (!direct) {
      steps.reorder(gradient, weightGradient);
    }
  }

  /** Copies the gradients of bias and weights to a flat array. */
  void store(float[] gradient, int biasAt, int weightsAt) {
    biasGradient.read(gradient, biasAt);
    weightGradient.read(gradient, weightsAt);
  }
}
