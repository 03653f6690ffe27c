package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.spark.SparkException;
import org.gridscape.config.ConfigException;
import org.gridscape.dataset.DataException;
import org.gridscape.distribute.DeviceException;
import org.gridscape.distribute.DivergedException;
import org.gridscape.distribute.RunLockedException;
import org.gridscape.storage.StoreException;
import org.junit.jupiter.api.Test;

class JobFailureTest {
  @Test
  void causesHaveTheirExitCodes() {
    assertThat(JobFailure.of(new ConfigException("c"))).isEqualTo(new JobFailure(2, "failed", "c"));
    assertThat(JobFailure.of(new DataException("d"))).isEqualTo(new JobFailure(65, "failed", "d"));
    assertThat(JobFailure.of(new TooFewExecutorsException(1, 2)))
        .isEqualTo(new JobFailure(69, "failed", "Too few executors: 1 came (must be 2)"));
    assertThat(JobFailure.of(new StoreException("Cannot write a: b", new IOException("b"))))
        .isEqualTo(new JobFailure(74, "failed", "Cannot write a: b"));
    assertThat(JobFailure.of(new RunLockedException("l")))
        .isEqualTo(new JobFailure(75, "locked", "l"));
    assertThat(JobFailure.of(new DeviceException("no GPU")))
        .isEqualTo(new JobFailure(69, "failed", "no GPU"));
    assertThat(JobFailure.of(new StoppedException(7)).exitCode()).isEqualTo(75);
    assertThat(JobFailure.of(new DivergedException(3, "x")))
        .isEqualTo(new JobFailure(76, "diverged", "Training diverged at iteration 3: x"));
  }

  @Test
  void looksBehindWrappers() {
    Throwable wrapped = new IllegalStateException("job aborted", new DataException("file is bad"));
    assertThat(JobFailure.of(wrapped)).isEqualTo(new JobFailure(65, "failed", "file is bad"));
  }

  @Test
  void everythingElseIsInternal() {
    assertThat(JobFailure.of(new IllegalStateException("outer", new ArithmeticException("inner"))))
        .isEqualTo(new JobFailure(70, "failed", "ArithmeticException: inner"));
  }

  @Test
  void sparkJobThatGaveUpNamesTaskExecutorAndCause() {
    String lost =
        "Task 1 in stage 6.0 failed 4 times, most recent failure: Lost task 1.3 (a executor 2): ";
    String aborted = "Job aborted due to stage failure: " + lost;
    String end = "\n\tat somewhere\n\nDriver stacktrace:";
    ArithmeticException cause = new ArithmeticException("by zero");
    assertThat(
            JobFailure.of(
                new SparkException(
                    aborted + "java.lang.ArithmeticException: by zero" + end, cause)))
        .isEqualTo(new JobFailure(70, "failed", lost + "java.lang.ArithmeticException: by zero"));
    assertThat(JobFailure.of(new SparkException(aborted + "wrapped" + end, cause)).message())
        .isEqualTo(lost + "wrapped: ArithmeticException: by zero");
    assertThat(JobFailure.of(new SparkException(aborted + "exited with code 1" + end)).message())
        .isEqualTo(lost + "exited with code 1");
    assertThat(JobFailure.of(new SparkException(aborted + "exited with code 52" + end)).message())
        .isEqualTo(lost + "exited with code 52 (out of Java heap, see spark.executor.memory)");
    assertThat(JobFailure.of(new SparkException(aborted + "exited with code 137" + end)).message())
        .isEqualTo(
            lost
                + "exited with code 137 (killed, as where a container or machine is out of memory)");
  }
}
