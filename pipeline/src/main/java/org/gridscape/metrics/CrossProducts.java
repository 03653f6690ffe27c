package org.gridscape.metrics;

import org.bytedeco.openblas.global.openblas;

/** Inner products of every row of one matrix with every row of another, in native code. */
final class CrossProducts {
  private CrossProducts() {}

  /**
   * X Y'.
   *
   * @param x [m][d]
   * @param y [n][d]
   * @return [m][n]
   */
  static double[] of(double[] x, int m, double[] y, int n, int d) {
    double[] products = new double[Math.multiplyExact(m, n)];
    openblas.cblas_dgemm(
        openblas.CblasRowMajor,
        openblas.CblasNoTrans,
        openblas.CblasTrans,
        m,
        n,
        d,
        1,
        x,
        d,
        y,
        d,
        0,
        products,
        n);
    return products;
  }

  /** Rows {@code from} to {@code to - 1} as [to - from][d]. */
  static double[] doubles(FeatureRows rows, int from, int to) {
    int d = rows.dimension();
    double[] doubles = new double[(to - from) * d];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = rows.values()[from * d + i];
    }
    return doubles;
  }
}
