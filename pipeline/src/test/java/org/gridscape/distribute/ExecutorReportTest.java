package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExecutorReportTest {

  @BeforeEach
  @AfterEach
  void forget() {
    ExecutorReports.clear();
  }

  @Test
  void isOneLine() {
    assertThat(report("4", "").line())
        .isEqualTo(
            "executor=4 host=node heap=1024MiB javacpp.maxbytes=2048MiB"
                + " javacpp.maxphysicalbytes=none container=none cores=2"
                + " device=\"GPU 1 (granted)\" engine=\"reference on T4\"");
    assertThat(report("4", "no GPU").line()).endsWith(" refused=\"no GPU\"");
  }

  @Test
  void waitingEndsWhenAllHaveReported() throws InterruptedException {
    ExecutorReports.add(report("0", ""));
    ExecutorReports.add(report("1", ""));
    assertThat(ExecutorReports.await(2, 60)).hasSize(2);
  }

  @Test
  void waitingEndsWithTheFirstRefusal() throws InterruptedException {
    ExecutorReports.add(report("0", "no GPU"));
    assertThat(ExecutorReports.await(2, 60))
        .singleElement()
        .satisfies(report -> assertThat(report.isFit()).isFalse());
  }

  @Test
  void waitingEndsAtTheDeadline() throws InterruptedException {
    assertThat(ExecutorReports.await(1, 0)).isEmpty();
  }

  private static ExecutorReport report(String executor, String refusal) {
    return new ExecutorReport(
        executor,
        "node",
        1L << 30,
        2L << 30,
        0,
        0,
        2,
        "GPU 1 (granted)",
        "reference on T4",
        refusal);
  }
}
