package org.gridscape.langevin;

/** A gradient or a value of f is not finite; the chains of this iteration are lost. */
public final class DivergedChainException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Names where it happened.
   *
   * @param what the quantity that is not finite
   * @param side side of the grid
   * @param step step of the chain, or its number of steps for the end
   * @param imageId identity of the image whose chain it is
   */
  public DivergedChainException(String what, int side, int step, String imageId) {
    super(
        "Chain diverged: %s is not finite on grid %d at step %d of image %s"
            .formatted(what, side, step, imageId));
  }
}
