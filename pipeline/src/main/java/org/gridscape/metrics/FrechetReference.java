package org.gridscape.metrics;

import java.util.Optional;

/**
 * A Gaussian to which many Frechet distances are measured: its factor is computed once, when first
 * needed.
 *
 * <p>tr (S1 S2)^(1/2) is the sum of the roots of the eigenvalues of F' S2 F for any F with S1 = F
 * F', for those are the non-zero eigenvalues of F F' S2 (derived). The side with the smaller bound
 * of its rank r is factored, so that sets of few rows cost O(d^2 r + r^3). Native: use {@link
 * BlasThreads} for more than one thread. Not safe for several threads at once.
 */
public final class FrechetReference {
  private final Gaussian gaussian;
  private Optional<CovarianceFactor> factor = Optional.empty();

  public FrechetReference(Gaussian gaussian) {
    this.gaussian = gaussian;
  }

  /**
   * The distance of a generated set.
   *
   * @throws IllegalArgumentException if the dimensions differ
   */
  public FrechetDistance distance(Gaussian generated) {
    FeatureRows.requireEqual(generated.dimension(), gaussian.dimension());
    boolean few = generated.rankBound() < gaussian.rankBound();
    CovarianceFactor factored = few ? CovarianceFactor.of(generated) : factor();
    Gaussian other = few ? gaussian : generated;
    return new FrechetDistance(
        squaredDistance(generated.mean(), gaussian.mean()),
        generated.trace(),
        gaussian.trace(),
        factored.traceOfRoot(other.covariance()),
        factored.rank());
  }

  private CovarianceFactor factor() {
    CovarianceFactor known = factor.orElseGet(() -> CovarianceFactor.of(gaussian));
    factor = Optional.of(known);
    return known;
  }

  private static double squaredDistance(double[] first, double[] second) {
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      sum += (first[i] - second[i]) * (first[i] - second[i]);
    }
    return sum;
  }
}
