package org.gridscape.energy;

/** The last pass of the way back: the gradient of the pixels under the first convolution. */
interface PixelGradient {

  /** Takes over the weights of the first convolution from the flat parameters. */
  void load(float[] parameters);

  /** Copies the gradient, row-major. */
  void read(float[] pixels);

  /** Appends the pass that is faster for the shape of {@code first}. */
  static PixelGradient append(
      OneDnn owner, FusedBlock first, OneDnnSteps steps, OneDnnTensor signal) {
    if (PhaseGradient.pays(first.shape())) {
      return new PhaseGradient(owner, first.shape(), steps, signal);
    }
    OneDnnTensor gradient =
        steps.converted(first.inputGradient(steps, signal), OneDnn.rowMajor(first.shape().input()));
    return new Direct(gradient);
  }

  /** With weights that the block itself holds. */
  record Direct(OneDnnTensor gradient) implements PixelGradient {
    @Override
    public void load(float[] parameters) {}

    @Override
    public void read(float[] pixels) {
      gradient.read(pixels, 0);
    }
  }
}
