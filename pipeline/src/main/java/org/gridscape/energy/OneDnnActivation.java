package org.gridscape.energy;

import java.util.Map;
import java.util.OptionalDouble;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/**
 * An activation with both passes.
 *
 * <p>The slope of a piecewise linear one follows from its output, so it works in place, and a
 * convolution may apply it; SiLU keeps its input.
 */
final class OneDnnActivation {
  private final OneDnn owner;
  private final OptionalDouble leak;
  private final eltwise_forward.primitive_desc forward;
  private final eltwise_backward.primitive_desc backward;

  /** An activation of tensors laid out as {@code layout}. */
  OneDnnActivation(OneDnn owner, Activation activation, memory.desc layout) {
    this.owner = owner;
    leak = leak(activation);
    float alpha = (float) leak.orElse(1);
    forward =
        owner.own(
            new eltwise_forward.primitive_desc(
                new eltwise_forward.desc(
                    dnnl.dnnl_forward_training,
                    leak.isPresent() ? dnnl.dnnl_eltwise_relu : dnnl.dnnl_eltwise_swish,
                    layout,
                    alpha,
                    0f),
                OneDnn.attributes(),
                owner.engine()));
    backward =
        owner.own(
            new eltwise_backward.primitive_desc(
                new eltwise_backward.desc(
                    leak.isPresent()
                        ? dnnl.dnnl_eltwise_relu_use_dst_for_bwd
                        : dnnl.dnnl_eltwise_swish,
                    layout,
                    layout,
                    alpha,
                    0f),
                OneDnn.attributes(),
                owner.engine(),
                forward));
  }

  /** Slope left of 0 of a piecewise linear activation, none for a smooth one. */
  static OptionalDouble leak(Activation activation) {
    if (activation instanceof Activation.LeakyRelu leaky) {
      return OptionalDouble.of(leaky.slope());
    }
    return activation instanceof Activation.Relu ? OptionalDouble.of(0) : OptionalDouble.empty();
  }

  /** Appends the activation; returns its output, which is {@code input} if piecewise linear. */
  OneDnnTensor forward(OneDnnSteps steps, OneDnnTensor input) {
    OneDnnTensor output = leak.isPresent() ? input : owner.tensor(forward.dst_desc());
    steps.add(
        new eltwise_forward(forward),
        forward,
        Map.of(dnnl.DNNL_ARG_SRC, input, dnnl.DNNL_ARG_DST, output));
    return output;
  }

  /**
   * Appends the product with the slopes.
   *
   * @param input of the activation
   * @param output of the activation
   * @param gradient of the output; read only
   * @param result receives the gradient of the input; may be {@code gradient}
   */
  void backward(
      OneDnnSteps steps,
      OneDnnTensor input,
      OneDnnTensor output,
      OneDnnTensor gradient,
      OneDnnTensor result) {
    steps.add(
        new eltwise_backward(backward),
        backward,
        Map.of(
            leak.isPresent() ? dnnl.DNNL_ARG_DST : dnnl.DNNL_ARG_SRC,
            leak.isPresent() ? output : input,
            dnnl.DNNL_ARG_DIFF_DST,
            gradient,
            dnnl.DNNL_ARG_DIFF_SRC,
            result));
  }
}
