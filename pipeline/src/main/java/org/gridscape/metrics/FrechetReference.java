package org.gridscape.metrics;

import java.io.Serializable;

/**
 * A Gaussian to which many Frechet distances are measured: its factor is computed once.
 *
 * <p>With S = F F' of either side, tr (S1 S2)^(1/2) is the sum of the roots of the eigenvalues of
 * F' T F, T the other side's covariance (derived). The side of the smaller rank r is factored, so
 * that sets of few rows cost O(d^2 r + r^3). Native: use {@link BlasThreads} for more than one
 * thread.
 */
public final class FrechetReference implements Serializable {
  private static final long serialVersionUID = 1;

  private final Gaussian gaussian;
  private final CovarianceFactor factor;

  /** Factors the covariance. */
  public FrechetReference(Gaussian gaussian) {
    this.gaussian = gaussian;
    this.factor = CovarianceFactor.of(gaussian);
  }

  /**
   * The distance of a generated set.
   *
   * @throws IllegalArgumentException if the dimensions differ
   */
  public FrechetDistance distance(Gaussian generated) {
    FeatureRows.requireEqual(generated.dimension(), gaussian.dimension());
    boolean few = generated.rankBound() < factor.rank();
    CovarianceFactor factored = few ? CovarianceFactor.of(generated) : factor;
    return new FrechetDistance(
        squaredDistance(generated.mean(), gaussian.mean()),
        generated.trace(),
        gaussian.trace(),
        factored.traceOfRoot(few ? gaussian.covariance() : generated.covariance()),
        factored.rank());
  }

  private static double squaredDistance(double[] first, double[] second) {
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      sum += (first[i] - second[i]) * (first[i] - second[i]);
    }
    return sum;
  }
}
