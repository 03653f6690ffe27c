package org.gridscape.distribute;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What the executors of this application said of themselves. Lives on the driver. */
public final class ExecutorReports {
  private static final Map<String, ExecutorReport> REPORTS = new LinkedHashMap<>();

  private ExecutorReports() {}

  static synchronized void clear() {
    REPORTS.clear();
  }

  static synchronized void add(ExecutorReport report) {
    REPORTS.put(report.executor(), report);
    ExecutorReports.class.notifyAll();
  }

  /** The reports so far, in the order of their coming; those of lost executors stay. */
  public static synchronized List<ExecutorReport> all() {
    return List.copyOf(REPORTS.values());
  }

  /**
   * Waits until {@code count} executors have reported or one has said that it cannot compute.
   *
   * @return the reports so far; fewer than {@code count} after {@code seconds}
   */
  public static synchronized List<ExecutorReport> await(int count, long seconds)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (REPORTS.size() < count && REPORTS.values().stream().allMatch(ExecutorReport::isFit)) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        break;
      }
      ExecutorReports.class.wait(left);
    }
    return all();
  }
}
