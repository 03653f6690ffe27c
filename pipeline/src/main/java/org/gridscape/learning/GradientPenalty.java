package org.gridscape.learning;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import org.gridscape.energy.GridNetwork;

/**
 * The penalty that makes learning that of w-GCN: from the objective of a grid is taken
 *
 * <pre>gamma [ beta mean |df/dx|^2 (observed) + (1 - beta) mean |df/dx|^2 (synthesized) ],</pre>
 *
 * the squares summed over pixels and channels. Source: after Wu et al. 2019 and its predecessor (Wu
 * et al. 2018, wFRAME); the form is derived from the Wasserstein distance of the JKO flow between
 * samples and images, to first order, for which beta = 1/2 follows.
 *
 * @param gammas weight on each grid, coarse to fine, not negative; all 0 for none
 * @param beta share of the observed images, in [0, 1]
 * @param last share of gamma that is left at the last iteration, in [0, 1]; it falls in a straight
 *     line, since a constant gamma shifts what is learned by O(gamma)
 */
public record GradientPenalty(List<Double> gammas, double beta, double last)
    implements Serializable {

  /** Rejects weights out of range. */
  public GradientPenalty {
    gammas = List.copyOf(gammas);
    for (double gamma : gammas) {
      if (!(gamma >= 0) || Double.isInfinite(gamma)) {
        throw new IllegalArgumentException(
            "Invalid training.penalty.gamma: %s (must be >= 0 and finite)".formatted(gamma));
      }
    }
    if (!(beta >= 0 && beta <= 1)) {
      throw new IllegalArgumentException(
          "Invalid training.penalty.beta: %s (must be in [0, 1])".formatted(beta));
    }
    if (!(last >= 0 && last <= 1)) {
      throw new IllegalArgumentException(
          "Invalid training.penalty.last: %s (must be in [0, 1])".formatted(last));
    }
  }

  /** No penalty on any of so many grids. */
  public static GradientPenalty none(int grids) {
    return new GradientPenalty(Collections.nCopies(grids, 0.0), 0.5, 1);
  }

  /**
   * Checks that the penalty can be computed.
   *
   * @throws IllegalArgumentException if a network has batch normalisation and there is a penalty
   */
  public void requireComputable(List<GridNetwork> networks) {
    boolean some = gammas.stream().anyMatch(gamma -> gamma > 0);
    if (some && networks.stream().anyMatch(network -> network.spec().batchNorm())) {
      throw new IllegalArgumentException(
          ("Invalid training.penalty.gamma: %s with energy.batchNorm true (must be 0, or"
                  + " energy.batchNorm false: with batch normalisation df/dx of an image depends on"
                  + " the others)")
              .formatted(gammas));
    }
  }

  /**
   * The weight on a grid.
   *
   * @param done share of the run that is done, in [0, 1]
   */
  public double gamma(int grid, double done) {
    return gammas.get(grid) * (1 - (1 - last) * done);
  }
}
