package org.gridscape.features;

import java.util.Locale;

/** How an image is brought to the size and range of an Inception network. */
public enum Protocol {
  /** TensorFlow 1's bilinear grid, as TTUR, torch-fidelity and StyleGAN have it. */
  TF_LEGACY,
  /** Half-pixel bilinear without antialiasing, as pytorch-fid has it. */
  PYTORCH_LEGACY,
  /** Antialiased bicubic of PIL on floats, as clean-fid has it. */
  CLEAN,
  /** Antialiased bilinear, the default of torchmetrics. */
  ANTIALIAS_BILINEAR;

  /** The name in commands and files, such as {@code tf-legacy}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
