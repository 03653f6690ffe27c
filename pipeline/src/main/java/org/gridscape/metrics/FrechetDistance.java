package org.gridscape.metrics;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * The squared Frechet (2-Wasserstein) distance between two Gaussians with the moments of two sets
 * of features, ||mu1 - mu2||^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2) (Dowson and Landau 1982; Heusel
 * et al. 2017).
 *
 * <p>Terms are as computed: for two equal sets the covariance term is zero only up to rounding,
 * about 1e-15 of the trace at full rank and 1e-6 where covariances are rank deficient, and may be
 * negative by that much.
 *
 * @param meanTerm ||mu1 - mu2||^2
 * @param covarianceTerm tr S1 + tr S2 - 2 tr (S1 S2)^(1/2)
 */
public record FrechetDistance(double meanTerm, double covarianceTerm) {

  /**
   * The distance between two sets of features; no offset is ever added to a covariance.
   *
   * @throws IllegalArgumentException if the dimensions differ or a set has fewer than two rows
   */
  public static FrechetDistance between(FeatureMoments first, FeatureMoments second) {
    first.requireDimension(second);
    RealMatrix s1 = new Array2DRowRealMatrix(first.covariance(), false);
    RealMatrix s2 = new Array2DRowRealMatrix(second.covariance(), false);
    double traces = s1.getTrace() + s2.getTrace();
    return new FrechetDistance(
        squaredDistance(first.mean(), second.mean()), traces - 2 * traceOfRoot(s1, s2));
  }

  /** The distance itself, the sum of both terms. */
  public double value() {
    return meanTerm + covarianceTerm;
  }

  private static double squaredDistance(double[] first, double[] second) {
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      sum += (first[i] - second[i]) * (first[i] - second[i]);
    }
    return sum;
  }

  /** S1 S2 is not symmetric, but has the eigenvalues of the symmetric S1^(1/2) S2 S1^(1/2). */
  private static double traceOfRoot(RealMatrix s1, RealMatrix s2) {
    RealMatrix root = root(s1);
    RealMatrix product = root.multiply(s2).multiply(root);
    double sum = 0;
    for (double lambda : new EigenDecomposition(symmetric(product)).getRealEigenvalues()) {
      sum += Math.sqrt(Math.max(0, lambda));
    }
    return sum;
  }

  private static RealMatrix root(RealMatrix covariance) {
    EigenDecomposition eigen = new EigenDecomposition(covariance);
    double[] roots = eigen.getRealEigenvalues();
    for (int i = 0; i < roots.length; i++) {
      roots[i] = Math.sqrt(Math.max(0, roots[i]));
    }
    RealMatrix vectors = eigen.getV();
    return symmetric(
        vectors.multiply(MatrixUtils.createRealDiagonalMatrix(roots)).multiply(eigen.getVT()));
  }

  private static RealMatrix symmetric(RealMatrix matrix) {
    return matrix.add(matrix.transpose()).scalarMultiply(0.5);
  }
}
