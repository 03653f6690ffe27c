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
 * own, which would stop the context under a running job. When the time has passed, work ends at its
 * next pause; if none comes for {@value #GRACE_SECONDS} s, jobs are cancelled too.
 */
final class StopRequest implements AutoCloseable {
  static final long PATIENCE_MILLIS = 4500;
  private static final long GRACE_SECONDS = 120;
  private static final long CANCEL_AGAIN_MILLIS = 100;
  private static final int BEFORE_SPARK = 1000;

  private final long deadline;
  private final AtomicReference<SparkContext> running = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Runnable hook = this::stop;
  private volatile boolean cancelling;

  /** Starts to listen, and the clock. */
  StopRequest(Optional<Duration> wallTime) {
    deadline = wallTime.map(time -> System.nanoTime() + time.toNanos()).orElse(Long.MAX_VALUE);
    ShutdownHookManager.get()
        .addShutdownHook(hook, BEFORE_SPARK, 2 * PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    wallTime.ifPresent(
        time -> {
          Thread clock = new Thread(() -> endAfter(time), "wall-time");
          clock.setDaemon(true);
          clock.start();
        });
  }

  /** Whether there was a signal or the time has passed. */
  boolean requested() {
    return cancelling || System.nanoTime() >= deadline;
  }

  /** Whether jobs are being cancelled. */
  boolean cancelling() {
    return cancelling;
  }

  /** The context whose jobs are to be cancelled. */
  void cancels(SparkContext spark) {
    running.set(spark);
  }

  private void endAfter(Duration time) {
    try {
      if (!ended.await(time.plusSeconds(GRACE_SECONDS).toMillis(), TimeUnit.MILLISECONDS)) {
        cancelUntil(Long.MAX_VALUE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop() {
    try {
      cancelUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Runtime.getRuntime().halt(ExitCode.STOPPED);
    }
  }

  /** Again and again: the work may just have been about to start another job. */
  private void cancelUntil(long nanos) throws InterruptedException {
    cancelling = true;
    do {
      SparkContext spark = running.get();
      try {
        if (spark != null) {
          spark.cancelAllJobs();
        }
      } catch (IllegalStateException stopped) {
        // The context has come to its end, and so will the work.
      }
    } while (!ended.await(CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS) && System.nanoTime() < nanos);
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
