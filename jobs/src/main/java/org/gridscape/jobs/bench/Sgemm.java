package org.gridscape.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What the machine's matrix product reaches, the yardstick of the convolutions. */
final class Sgemm {
  private static final int SIDE = 1024;
  private static final int PRODUCTS = 10;
  private static final int ROUNDS = 7;

  private Sgemm() {}

  /**
   * Billions of operations a second of products of 1024x1024 floats, one product a thread at a
   * time.
   *
   * @param threads side by side, each with matrices of its own
   */
  static Spread gigaflops(int threads) {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Object>> work = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        work.add(Sgemm::products);
      }
      seconds(executor, work);
      List<Double> rates = new ArrayList<>();
      double operations = 2e-9 * SIDE * SIDE * SIDE * PRODUCTS * threads;
      for (int round = 0; round < ROUNDS; round++) {
        rates.add(operations / seconds(executor, work));
      }
      return Spread.of(rates);
    } finally {
      executor.shutdownNow();
    }
  }

  private static Object products() {
    try (INDArray a = Nd4j.ones(DataType.FLOAT, SIDE, SIDE);
        INDArray b = Nd4j.ones(DataType.FLOAT, SIDE, SIDE);
        INDArray c = Nd4j.createUninitialized(DataType.FLOAT, new long[] {SIDE, SIDE}, 'f')) {
      for (int i = 0; i < PRODUCTS; i++) {
        a.mmuli(b, c);
      }
      return c.getFloat(0);
    }
  }

  private static double seconds(ExecutorService executor, List<Callable<Object>> work) {
    long start = System.nanoTime();
    try {
      for (Future<Object> future : executor.invokeAll(work)) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("Cannot multiply matrices: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot multiply matrices: interrupted", e);
    }
    return (System.nanoTime() - start) * 1e-9;
  }
}
