package org.gridscape.energy;

/**
 * Sizes of a convolution over a batch of square images.
 *
 * @param images in the batch
 * @param inChannels channels of the input
 * @param inSide side of the input
 * @param outChannels channels of the output
 * @param outSide side of the output
 * @param kernel side of the kernel
 * @param stride step in both directions
 * @param padLow zeros above and left of the input
 * @param padHigh zeros below and right of the input
 */
record ConvolutionShape(
    int images,
    int inChannels,
    int inSide,
    int outChannels,
    int outSide,
    int kernel,
    int stride,
    int padLow,
    int padHigh) {

  /** SAME padding: the output's side is the input's over the stride, the odd zero comes last. */
  static ConvolutionShape same(
      int images, int inChannels, int inSide, NetworkSpec.Convolution layer) {
    int outSide = layer.outputSide(inSide);
    int pad = Math.max((outSide - 1) * layer.stride() + layer.kernel() - inSide, 0);
    return new ConvolutionShape(
        images,
        inChannels,
        inSide,
        layer.channels(),
        outSide,
        layer.kernel(),
        layer.stride(),
        pad / 2,
        pad - pad / 2);
  }

  long[] input() {
    return new long[] {images, inChannels, inSide, inSide};
  }

  long[] weights() {
    return new long[] {outChannels, inChannels, kernel, kernel};
  }

  long[] output() {
    return new long[] {images, outChannels, outSide, outSide};
  }

  /** Number of weights. */
  int weightCount() {
    return outChannels * inChannels * kernel * kernel;
  }
}
