package org.gridscape.learning;

import java.io.Serializable;

/**
 * Sums of w-GCN's penalty on one grid over images; all 0 where it is not computed.
 *
 * @param gamma sum over images of its weight
 * @param observed sum over observed images of |df/dx|^2; 0 where they have no share
 * @param synthesized sum over synthesized images of |df/dx|^2; 0 where they have no share
 * @param total sum over images of the two, mixed by their shares
 */
public record PenaltySums(double gamma, double observed, double synthesized, double total)
    implements Serializable {

  /** No penalty. */
  public static final PenaltySums NONE = new PenaltySums(0, 0, 0, 0);

  /** Sums over the images of both. */
  public PenaltySums plus(PenaltySums other) {
    return new PenaltySums(
        gamma + other.gamma,
        observed + other.observed,
        synthesized + other.synthesized,
        total + other.total);
  }
}
