package org.gridscape.metrics;

import java.io.Serializable;
import org.bytedeco.openblas.global.openblas;

/**
 * A factor F of a covariance S = F F', by Cholesky. The non-zero eigenvalues of S T are those of F'
 * T F, for any covariance T.
 */
sealed interface CovarianceFactor extends Serializable {
  /** Columns of F. */
  int rank();

  /**
   * F' T F, its lower triangle by columns.
   *
   * @param other T, [d][d]
   * @return [rank][rank]
   */
  double[] inner(double[] other);

  /** Without pivots where the bound of its rank and all pivots allow it, else {@link Pivoted}. */
  static CovarianceFactor of(Gaussian gaussian) {
    int d = gaussian.dimension();
    if (gaussian.rankBound() == d) {
      double[] lower = gaussian.covariance().clone();
      if (openblas.LAPACKE_dpotrf(openblas.LAPACK_COL_MAJOR, (byte) 'L', d, lower, d) == 0) {
        return new Triangular(d, lower);
      }
    }
    return Pivoted.of(gaussian);
  }

  /** tr (S T)^(1/2) for a covariance T, [d][d]. */
  default double traceOfRoot(double[] other) {
    double sum = 0;
    for (double lambda : SymmetricEigenvalues.of(rank(), inner(other))) {
      sum += Math.sqrt(Math.max(0, lambda));
    }
    return sum;
  }

  /**
   * Of a covariance of full rank.
   *
   * @param rank d
   * @param lower [d][d], column after column; above the diagonal anything
   */
  record Triangular(int rank, double[] lower) implements CovarianceFactor {
    private static final int TYPE = 2;

    @Override
    public double[] inner(double[] other) {
      double[] inner = other.clone();
      Lapack.check(
          "dsygst",
          openblas.LAPACKE_dsygst(
              openblas.LAPACK_COL_MAJOR, TYPE, (byte) 'L', rank, inner, rank, lower, rank));
      return inner;
    }
  }

  /**
   * With the largest remaining variance always next, until it is below d eps times the largest of
   * all: F is L with its rows put back in order.
   *
   * @param dimension d
   * @param rank at most the bound that the covariance came with
   * @param order feature behind each row of {@code lower}
   * @param lower L, [rank][d], column after column
   */
  record Pivoted(int dimension, int rank, int[] order, double[] lower) implements CovarianceFactor {

    static Pivoted of(Gaussian gaussian) {
      int d = gaussian.dimension();
      double largest = 0;
      for (int i = 0; i < d; i++) {
        largest = Math.max(largest, gaussian.covariance()[i * d + i]);
      }
      if (largest == 0 || gaussian.rankBound() == 0) {
        return new Pivoted(d, 0, new int[d], new double[0]);
      }
      double[] factored = gaussian.covariance().clone();
      int[] order = new int[d];
      int[] rank = new int[1];
      int info =
          openblas.LAPACKE_dpstrf(
              openblas.LAPACK_COL_MAJOR,
              (byte) 'L',
              d,
              factored,
              d,
              order,
              rank,
              d * Math.ulp(1.0) * largest);
      Lapack.check("dpstrf", Math.min(info, 0));
      int columns = Math.min(rank[0], gaussian.rankBound());
      double[] lower = new double[d * columns];
      for (int j = 0; j < columns; j++) {
        System.arraycopy(factored, j * d + j, lower, j * d + j, d - j);
      }
      for (int i = 0; i < d; i++) {
        order[i]--;
      }
      return new Pivoted(d, columns, order, lower);
    }

    @Override
    public double[] inner(double[] other) {
      double[] inner = new double[rank * rank];
      if (rank == 0) {
        return inner;
      }
      double[] product = new double[dimension * rank];
      openblas.cblas_dsymm(
          openblas.CblasColMajor,
          openblas.CblasLeft,
          openblas.CblasLower,
          dimension,
          rank,
          1,
          permuted(other),
          dimension,
          lower,
          dimension,
          0,
          product,
          dimension);
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
}
