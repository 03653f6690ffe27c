package org.gridscape.energy;

import java.util.Map;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/** Batch normalisation with the statistics of the batch at hand, in sampling as in learning. */
final class OneDnnNormalization {
  private final OneDnn owner;
  private final batch_normalization_forward.primitive_desc forward;
  private final batch_normalization_backward.primitive_desc backward;
  private final OneDnnTensor mean;
  private final OneDnnTensor variance;
  private final OneDnnTensor scaleShift;
  private final OneDnnTensor scaleShiftGradient;

  /** A normalisation of tensors laid out as {@code layout}, gamma and beta undefined. */
  OneDnnNormalization(OneDnn owner, memory.desc layout) {
    this.owner = owner;
    float epsilon = (float) GridNetwork.BATCH_NORM_EPSILON;
    forward =
        owner.own(
            new batch_normalization_forward.primitive_desc(
                new batch_normalization_forward.desc(
                    dnnl.dnnl_forward_training, layout, epsilon, dnnl.dnnl_use_scaleshift),
                OneDnn.attributes(),
                owner.engine()));
    backward =
        owner.own(
            new batch_normalization_backward.primitive_desc(
                new batch_normalization_backward.desc(
                    dnnl.dnnl_backward, layout, layout, epsilon, dnnl.dnnl_use_scaleshift),
                OneDnn.attributes(),
                owner.engine(),
                forward));
    mean = owner.tensor(forward.mean_desc());
    variance = owner.tensor(forward.variance_desc());
    scaleShift = owner.tensor(forward.weights_desc());
    scaleShiftGradient = owner.tensor(forward.weights_desc());
  }

  /** Copies gamma and beta, which lie one after the other. */
  void load(float[] values, int from) {
    scaleShift.write(values, from);
  }

  /** Appends the normalisation; returns its output. */
  OneDnnTensor forward(OneDnnSteps steps, OneDnnTensor input) {
    OneDnnTensor output = owner.tensor(forward.dst_desc());
    steps.add(
        new batch_normalization_forward(forward),
        forward,
        Map.of(
            dnnl.DNNL_ARG_SRC, input,
            dnnl.DNNL_ARG_SCALE_SHIFT, scaleShift,
            dnnl.DNNL_ARG_MEAN, mean,
            dnnl.DNNL_ARG_VARIANCE, variance,
            dnnl.DNNL_ARG_DST, output));
    return output;
  }

  /**
   * Appends the gradients of input, gamma and beta.
   *
   * @param gradient of the output; replaced by that of the input
   */
  void backward(OneDnnSteps steps, OneDnnTensor input, OneDnnTensor gradient) {
    steps.add(
        new batch_normalization_backward(backward),
        backward,
        Map.of(
            dnnl.DNNL_ARG_SRC, input,
            dnnl.DNNL_ARG_MEAN, mean,
            dnnl.DNNL_ARG_VARIANCE, variance,
            dnnl.DNNL_ARG_SCALE_SHIFT, scaleShift,
            dnnl.DNNL_ARG_DIFF_DST, gradient,
            dnnl.DNNL_ARG_DIFF_SRC, gradient,
            dnnl.DNNL_ARG_DIFF_SCALE_SHIFT, scaleShiftGradient));
  }

  /** Copies the gradients of gamma and beta, one after the other. */
  void store(float[] gradient, int from) {
    scaleShiftGradient.read(gradient, from);
  }
}
