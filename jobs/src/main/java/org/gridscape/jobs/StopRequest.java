package org.gridscape.jobs;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Turns SIGTERM and SIGINT into a wish to stop: the loop ends its iteration, writes a checkpoint
 * and the process exits with {@link ExitCode#STOPPED}.
 *
 * <p>Works as a shutdown hook of Hadoop that comes before Spark's own, which would stop the context
 * under a running job. An iteration that is under way is finished first, up to half an hour.
 */
final class StopRequest implements AutoCloseable {
  private static final int BEFORE_SPARK = 1000;
  private static final long PATIENCE_SECONDS = 1800;

  private final AtomicBoolean requested = new AtomicBoolean();
  private final AtomicBoolean saved = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Runnable hook = this::await;

  StopRequest() {
    ShutdownHookManager.get()
        .addShutdownHook(hook, BEFORE_SPARK, PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  boolean requested() {
    return requested.get();
  }

  private void await() {
    requested.set(true);
    try {
      if (ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS) && saved.get()) {
        Runtime.getRuntime().halt(ExitCode.STOPPED);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The run's state is safe: a process that was asked to stop ends here. */
  void stateSaved() {
    saved.set(true);
    ended.countDown();
  }

  @Override
  public void close() {
    ended.countDown();
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(hook);
    }
  }
}
