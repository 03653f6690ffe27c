package org.gridscape.metrics;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.presets.openblas_nolapack;

/**
 * Several threads for the native linear algebra of this process until closed; then one, which is
 * the rule everywhere. For one large decomposition on the driver, where nothing else computes.
 *
 * <p>The number of threads changes the last bits of a Frechet distance.
 */
public final class BlasThreads implements AutoCloseable {
  private BlasThreads() {}

  /**
   * Sets the number of threads.
   *
   * @param threads at least 1
   */
  public static BlasThreads use(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("Invalid threads: " + threads + " (must be >= 1)");
    }
    Loader.load(openblas.class);
    openblas_nolapack.blas_set_num_threads(threads);
    return new BlasThreads();
  }

  @Override
  public void close() {
    openblas_nolapack.blas_set_num_threads(1);
  }
}
