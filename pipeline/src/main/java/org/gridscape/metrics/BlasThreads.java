package org.gridscape.metrics;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.presets.openblas_nolapack;

/**
 * Threads of the native linear algebra of this process, until closed; then what they were before.
 * For the driver's one large decomposition: tasks keep the one thread that their process has.
 */
public final class BlasThreads implements AutoCloseable {
  private final int before;

  private BlasThreads(int before) {
    this.before = before;
  }

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
    int before = openblas_nolapack.blas_get_num_threads();
    openblas_nolapack.blas_set_num_threads(threads);
    return new BlasThreads(before);
  }

  /** Threads now in use. */
  public static int current() {
    Loader.load(openblas.class);
    return openblas_nolapack.blas_get_num_threads();
  }

  @Override
  public void close() {
    openblas_nolapack.blas_set_num_threads(before);
  }
}
