package org.gridscape.jobs;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.SparkContext;

/**
 * The wish to stop: by SIGTERM or SIGINT at once, or when the time given has passed.
 *
 * <p>A signal cancels the Spark job that is running, so that the work fails, saves what it has and
 * comes to its end; the process then exits with {@link ExitCode#STOPPED}, after {@value
 * #PATIENCE_MILLIS} ms in any case. Works as a shutdown hook of Hadoop that comes before Spark's
 * own, which would stop the context under a running job.
 */
final class StopRequest implements AutoCloseable {
  static final long PATIENCE_MILLIS = 4500;
  private static final long CANCEL_AGAIN_MILLIS = 100;
  private static final int BEFORE_SPARK = 1000;

  private final long deadline;
  private final AtomicReference<SparkContext> running = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Runnable hook = this::stop;
  private volatile boolean signalled;

  /** Starts to listen, and the clock. */
  StopRequest(Optional<Duration> wallTime) {
    deadline = wallTime.map(time -> System.nanoTime() + time.toNanos()).orElse(Long.MAX_VALUE);
    ShutdownHookManager.get()
        .addShutdownHook(hook, BEFORE_SPARK, 2 * PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Whether there was a signal or the time has passed. */
  boolean requested() {
    return signalled || System.nanoTime() >= deadline;
  }

  /** Whether there was a signal: jobs have been cancelled. */
  boolean signalled() {
    return signalled;
  }

  /** The context whose jobs a signal cancels. */
  void cancels(SparkContext spark) {
    running.set(spark);
  }

  private void stop() {
    signalled = true;
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    try {
      while (System.nanoTime() < until) {
        SparkContext spark = running.get();
        if (spark != null && !spark.isStopped()) {
          // Again and again: the work may just have been about to start another one.
          spark.cancelAllJobs();
        }
        if (ended.await(CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ExitCode.STOPPED);
  }

  /** The work has come to its end. */
  @Override
  public void close() {
    ended.countDown();
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(hook);
    }
  }
}
