package org.gridscape.image;

import java.util.Locale;

/** How an image of another size becomes a square one. */
public enum ImageFit {
  /** Centred, the border filled with the background; images that are too large are refused. */
  PAD,
  /** The largest centred square, resized. */
  CROP,
  /** Resized as a whole; what is not square is stretched. */
  RESIZE;

  /** The name in configurations: lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
