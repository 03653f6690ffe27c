package org.gridscape.image;

import java.io.Serializable;

/**
 * The interval in which pixels are computed: bytes 0 to 255 map linearly onto [low, high].
 *
 * @param low value of byte 0
 * @param high value of byte 255, above {@code low}
 */
public record PixelRange(float low, float high) implements Serializable {

  /** [-1, 1], the range of the presets {@code stable}. */
  public static final PixelRange SIGNED_UNIT = new PixelRange(-1f, 1f);

  /** [0, 255], the range of the papers' code. */
  public static final PixelRange BYTES = new PixelRange(0f, 255f);

  /** Rejects empty and unbounded intervals. */
  public PixelRange {
    if (!(low < high) || Float.isInfinite(low) || Float.isInfinite(high)) {
      throw new IllegalArgumentException(
          "Invalid pixel range: [" + low + ", " + high + "] (must be finite, low < high)");
    }
  }

  /** The value of a byte, read as unsigned. */
  public float fromByte(byte pixel) {
    return low + (pixel & 0xff) * ((high - low) / 255f);
  }

  /** The nearest byte to a value; values outside the range give the nearer end. */
  public byte toByte(float value) {
    float grey = (value - low) * (255f / (high - low));
    return (byte) (int) Math.max(0f, Math.min(255f, grey + 0.5f));
  }

  /** The value in the range nearest to {@code value}; NaN stays NaN. */
  public float clip(float value) {
    return Math.max(low, Math.min(high, value));
  }

  /**
   * Folds a value that left the range back into it, as at a mirror on the border.
   *
   * @param value at most one width outside the range
   */
  public float reflect(float value) {
    if (value < low) {
      return clip(2 * low - value);
    }
    return value > high ? clip(2 * high - value) : value;
  }
}
