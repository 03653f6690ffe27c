package org.gridscape.image;

import java.io.Serializable;

/**
 * The shape of one square image, stored channel by channel (CHW).
 *
 * @param channels colour planes, 1 (grey) or 3 (red, green, blue)
 * @param side height and width in pixels, at least 1
 */
public record ImageShape(int channels, int side) implements Serializable {

  /** Rejects shapes that no image has. */
  public ImageShape {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "Invalid image channels: " + channels + " (must be 1 or 3)");
    }
    if (side < 1) {
      throw new IllegalArgumentException("Invalid image side: " + side + " (must be >= 1)");
    }
  }

  /** Values in one image: channels x side x side. */
  public int size() {
    return channels * side * side;
  }

  /** The same channels at another side. */
  public ImageShape withSide(int newSide) {
    return new ImageShape(channels, newSide);
  }

  @Override
  public String toString() {
    return channels + "x" + side + "x" + side;
  }
}
