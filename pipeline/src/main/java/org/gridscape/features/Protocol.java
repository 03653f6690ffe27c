package org.gridscape.features;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How an image is brought to the size and range of an Inception network. None rounds the resized
 * values to bytes; grey is repeated in all planes.
 */
public enum Protocol {
  /**
   * TensorFlow 1's bilinear grid, without half a pixel's offset and antialiasing, then (x -
   * 128)/128; as TTUR, torch-fidelity, StyleGAN, EDM and ADM have it.
   */
  TF_LEGACY {
    @Override
    PlaneResize resize(int height, int width, int side) {
      return new LerpResize(height, width, side);
    }
  },

  /**
   * Bilinear with pixels' centres at halves, without antialiasing, of x/255, then 2x - 1; as
   * pytorch-fid has it.
   */
  PYTORCH_LEGACY {
    @Override
    PlaneResize resize(int height, int width, int side) {
      return new BilinearResize(height, width, side, UNIT);
    }

    @Override
    float scale(float value) {
      return 2 * value - 1;
    }
  },

  /**
   * Antialiased bicubic of PIL on floats, clipped to [0, 255], then (x - 128)/128; as clean-fid has
   * it.
   */
  CLEAN {
    @Override
    PlaneResize resize(int height, int width, int side) {
      return new CubicResize(height, width, side);
    }

    @Override
    float scale(float value) {
      return super.scale(Math.min(Math.max(value, 0f), 255f));
    }
  },

  /**
   * Antialiased bilinear with pixels' centres at halves, then (x - 128)/128; the default of
   * torchmetrics.
   */
  ANTIALIAS_BILINEAR {
    @Override
    PlaneResize resize(int height, int width, int side) {
      return new TriangleResize(height, width, side);
    }
  };

  /** x/255 of the bytes x. */
  private static final float[] UNIT = new float[256];

  static {
    for (int i = 0; i < UNIT.length; i++) {
      UNIT[i] = i / 255f;
    }
  }

  /** The protocol of that name. */
  public static Protocol of(String name) {
    return Arrays.stream(values())
        .filter(protocol -> protocol.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Invalid protocol: %s (must be one of %s)"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(Protocol::toString)
                                .collect(Collectors.joining(", ")))));
  }

  /** The resize of a plane of that size to side x side. */
  abstract PlaneResize resize(int height, int width, int side);

  /** A resized value in the range of the network. */
  float scale(float value) {
    return (value - 128) / 128;
  }

  /** The name in commands and files, such as {@code tf-legacy}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
