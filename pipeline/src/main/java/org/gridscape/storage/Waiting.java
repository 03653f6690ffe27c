package org.gridscape.storage;

import java.io.InterruptedIOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The passing of time, for what waits; a test has a time of its own. */
public interface Waiting extends Serializable {

  /** Nanoseconds since some moment. */
  long nanos();

  /**
   * Waits.
   *
   * @throws InterruptedIOException if the thread is interrupted
   */
  void pause(Duration length) throws InterruptedIOException;

  /** The time of this machine. */
  enum RealTime implements Waiting {
    /** The only one. */
    INSTANCE;

    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public void pause(Duration length) throws InterruptedIOException {
      try {
        TimeUnit.NANOSECONDS.sleep(length.toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(e);
        throw interrupted;
      }
    }
  }
}
