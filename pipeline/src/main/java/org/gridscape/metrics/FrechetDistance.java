package org.gridscape.metrics;

import java.io.Serializable;

/**
 * The squared Frechet (2-Wasserstein) distance between two Gaussians with the moments of two sets
 * of features, ||mu1 - mu2||^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2) (Dowson and Landau 1982; Heusel
 * et al. 2017).
 *
 * <p>Terms are as computed and no offset is ever added to a covariance: for two equal sets the
 * covariance term is zero only up to rounding, and may be negative by that much: about 1e-15 of the
 * traces, but 1e-8 where a covariance is rank deficient and came without its number of rows.
 *
 * @param meanTerm ||mu1 - mu2||^2
 * @param generatedTrace tr S1
 * @param referenceTrace tr S2
 * @param rootTrace tr (S1 S2)^(1/2)
 * @param rank rank found of the covariance that was factored; the other's is not computed
 */
public record FrechetDistance(
    double meanTerm, double generatedTrace, double referenceTrace, double rootTrace, int rank)
    implements Serializable {

  /**
   * The distance of one pair; for many to one reference see {@link FrechetReference}.
   *
   * @throws IllegalArgumentException if the dimensions differ
   */
  public static FrechetDistance between(Gaussian generated, Gaussian reference) {
    return new FrechetReference(reference).distance(generated);
  }

  /**
   * The distance between two sets of features.
   *
   * @throws IllegalArgumentException if the dimensions differ or a set has fewer than two rows
   */
  public static FrechetDistance between(FeatureMoments generated, FeatureMoments reference) {
    FeatureRows.requireEqual(generated.dimension(), reference.dimension());
    return between(Gaussian.of(generated), Gaussian.of(reference));
  }

  /** tr S1 + tr S2 - 2 tr (S1 S2)^(1/2). */
  public double covarianceTerm() {
    return generatedTrace + referenceTrace - 2 * rootTrace;
  }

  /** The distance itself, the sum of both terms; may be slightly negative by rounding. */
  public double value() {
    return meanTerm + generatedTrace + referenceTrace - 2 * rootTrace;
  }
}
