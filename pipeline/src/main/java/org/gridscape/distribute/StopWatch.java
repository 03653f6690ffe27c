package org.gridscape.distribute;

/** Seconds of wall time, in laps. */
final class StopWatch {
  private final long start = System.nanoTime();
  private long lap = start;

  /** Seconds since the last lap ended. */
  double lap() {
    long now = System.nanoTime();
    double seconds = (now - lap) * 1e-9;
    lap = now;
    return seconds;
  }

  /** Seconds since the start, up to the end of the last lap. */
  double total() {
    return (lap - start) * 1e-9;
  }
}
