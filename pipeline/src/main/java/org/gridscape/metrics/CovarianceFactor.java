package org.gridscape.metrics;

import org.bytedeco.openblas.global.openblas;

/**
 * A factor F of a covariance S = F F': P' S P = L L' by Cholesky, with pivots P where S is not of
 * full rank.
 *
 * @param dimension d
 * @param rank r
 * @param order row of S behind each row of {@code lower}
 * @param lower [r][d], L column after column
 */
record CovarianceFactor(int dimension, int rank, int[] order, double[] lower) {
  private static final double EPSILON = Math.ulp(1.0);

  static CovarianceFactor of(Gaussian gaussian) {
    int d = gaussian.dimension();
    if (gaussian.rankBound() == d) {
      double[] lower = gaussian.covariance().clone();
      if (openblas.LAPACKE_dpotrf(openblas.LAPACK_COL_MAJOR, (byte) 'L', d, lower, d) == 0) {
        int[] order = new int[d];
        for (int i = 0; i < d; i++) {
          order[i] = i;
        }
        return new CovarianceFactor(d, d, order, lowerOf(lower, d, d));
      }
    }
    return pivoted(gaussian);
  }

  /** Ends where the largest variance left is below d eps times the largest of all. */
  private static CovarianceFactor pivoted(Gaussian gaussian) {
    int d = gaussian.dimension();
    double[] lower = gaussian.covariance().clone();
    double largest = 0;
    for (int i = 0; i < d; i++) {
      largest = Math.max(largest, lower[i * d + i]);
    }
    int[] order = new int[d];
    int[] rank = new int[1];
    if (largest > 0) {
      openblas.LAPACKE_dpstrf(
          openblas.LAPACK_COL_MAJOR, (byte) 'L', d, lower, d, order, rank, d * EPSILON * largest);
    }
    int r = Math.min(rank[0], gaussian.rankBound());
    for (int i = 0; i < d; i++) {
      order[i] = largest > 0 ? order[i] - 1 : i;
    }
    return new CovarianceFactor(d, r, order, lowerOf(lower, d, r));
  }

  private static double[] lowerOf(double[] factored, int d, int rank) {
    double[] lower = new double[d * rank];
    for (int j = 0; j < rank; j++) {
      System.arraycopy(factored, j * d + j, lower, j * d + j, d - j);
    }
    return lower;
  }

  /** tr (S T)^(1/2) for a covariance T, [d][d]. */
  double traceOfRoot(double[] other) {
    if (rank == 0) {
      return 0;
    }
    double[] eigenvalues = new double[rank];
    double[] inner = inner(other);
    int info =
        openblas.LAPACKE_dsyevd(
            openblas.LAPACK_COL_MAJOR, (byte) 'N', (byte) 'L', rank, inner, rank, eigenvalues);
    if (info != 0) {
      throw new IllegalStateException(
          "Cannot compute eigenvalues: LAPACK's dsyevd gave " + info + " for rank " + rank);
    }
    double sum = 0;
    for (double lambda : eigenvalues) {
      sum += Math.sqrt(Math.max(0, lambda));
    }
    return sum;
  }

  /** L' P' T P L, [r][r]. */
  private double[] inner(double[] other) {
    double[] permuted = permuted(other);
    double[] product = new double[dimension * rank];
    openblas.cblas_dsymm(
        openblas.CblasColMajor,
        openblas.CblasLeft,
        openblas.CblasLower,
        dimension,
        rank,
        1,
        permuted,
        dimension,
        lower,
        dimension,
        0,
        product,
        dimension);
    double[] inner = new double[rank * rank];
    openblas.cblas_dgemm(
        openblas.CblasColMajor,
        openblas.CblasTrans,
        openblas.CblasNoTrans,
        rank,
        rank,
        dimension,
        1,
        lower,
        dimension,
        product,
        dimension,
        0,
        inner,
        rank);
    return inner;
  }

  private double[] permuted(double[] other) {
    double[] permuted = new double[dimension * dimension];
    for (int i = 0; i < dimension; i++) {
      int row = order[i] * dimension;
      for (int j = 0; j < dimension; j++) {
        permuted[i * dimension + j] = other[row + order[j]];
      }
    }
    return permuted;
  }
}
