package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors that die, fail, run out of memory or do not come. */
class ExecutorFaultsIT {
  private static final int ITERATION = 4;
  private static final int ALWAYS = Integer.MAX_VALUE;

  @TempDir private static Path folder;
  private static String undisturbed = "";

  @BeforeAll
  static void trainUndisturbed() {
    undisturbed = FaultRun.undisturbed(folder);
  }

  @Test
  void executorKilledInMidIteration() throws Exception {
    try (FaultRun run = new FaultRun(folder, "killed")) {
      run.fault(FaultPlugin.Fault.HOLD, ITERATION, 1);
      Process process = run.train();
      FaultRun.kill(run.awaitFault(process));
      run.requireDone(process, undisturbed);
      assertThat(run.log()).contains("Lost executor").contains("exited with code 137");
      FaultTable.add(
          "01",
          "executor killed in mid-iteration",
          "SIGKILL to the executor that held a shard's task in iteration 4",
          "Spark ran the task again on the other executor and started a new one",
          FaultTable.SAME);
    }
  }

  @Tag("faults")
  @Test
  void taskThatFailsAtItsFirstAttempt() throws Exception {
    try (FaultRun run = new FaultRun(folder, "failed")) {
      run.fault(FaultPlugin.Fault.THROW, ITERATION, 1);
      Process process = run.train();
      run.requireDone(process, undisturbed);
      assertThat(run.left(FaultPlugin.MET)).hasSize(1);
      assertThat(run.log()).contains("Lost task 1.0").contains(FaultPlugin.REASON);
      FaultTable.add(
          "02",
          "task exception on its first attempt",
          "exception at the end of a shard's task in iteration 4, after all its work",
          "Spark ran the task again",
          FaultTable.SAME);
    }
  }

  @Tag("faults")
  @Test
  void executorShortOfMemoryOnce() throws Exception {
    try (FaultRun run = new FaultRun(folder, "short")) {
      run.fault(FaultPlugin.Fault.EXHAUST, ITERATION, 1);
      Process process = run.train();
      run.requireDone(process, undisturbed);
      assertThat(run.left(FaultPlugin.MET)).hasSize(1);
      assertThat(run.log()).contains("Lost task 1.0").containsPattern("code 52|OutOfMemoryError");
      FaultTable.add(
          "08a",
          "executor short of memory in one attempt",
          "an executor's heap filled up under a shard's task in iteration 4",
          "the executor ended with code 52; Spark ran the task again",
          FaultTable.SAME);
    }
  }

  @Tag("faults")
  @Test
  void executorsShortOfMemoryAlways() throws Exception {
    try (FaultRun run = new FaultRun(folder, "starved")) {
      run.fault(FaultPlugin.Fault.EXHAUST, ITERATION, ALWAYS);
      String error = run.error(run.train(), ExitCode.INTERNAL);
      assertThat(error)
          .startsWith("Cannot do iteration 4: Task 1 in stage ")
          .contains(" failed 4 times, ")
          .contains(" executor ")
          .containsPattern(
              "code 52 \\(out of Java heap, see spark.executor.memory\\)|OutOfMemoryError")
          .endsWith("; the same command continues the run after iteration 3")
          .doesNotContain("\n");
      run.heal();
      run.requireDone(run.trainLocally(), undisturbed);
      FaultTable.add(
          "08b",
          "executor short of memory in all attempts",
          "the heap filled up under each attempt at a shard's task in iteration 4",
          "exit code 70, iteration 3 saved; the same command with memory went on",
          message(error));
    }
  }

  @Tag("faults")
  @Test
  void tooFewExecutors() throws Exception {
    try (FaultRun run = new FaultRun(folder, "few")) {
      run.spark("spark.executor.instances", 2)
          .spark("spark.scheduler.maxRegisteredResourcesWaitingTime", "30s");
      String error = run.error(run.train("local-cluster[1,1,1024]"), ExitCode.TOO_FEW_EXECUTORS);
      assertThat(error).isEqualTo("Too few executors: 1 came (must be 2)");
      run.requireDone(run.train(), undisturbed);
      FaultTable.add(
          "11",
          "too few executors",
          "spark.executor.instances=2 on a cluster with room for one",
          "exit code 69; the same command trained when there was room for two",
          message(error));
    }
  }

  @Test
  void taskThatAlwaysFails() throws Exception {
    try (FaultRun run = new FaultRun(folder, "failing")) {
      run.fault(FaultPlugin.Fault.THROW, ITERATION, ALWAYS).spark("spark.task.maxFailures", 3);
      String error = run.error(run.train(), ExitCode.INTERNAL);
      assertThat(error)
          .startsWith("Cannot do iteration 4: Task 1 in stage ")
          .contains(" failed 3 times, ")
          .contains(" executor ")
          .contains(FaultPlugin.REASON)
          .endsWith("; the same command continues the run after iteration 3")
          .doesNotContain("\n");
      assertThat(Path.of(run.folder().checkpoints(), "iteration-00000003/commit.json")).exists();
      run.heal();
      run.requireDone(run.trainLocally(), undisturbed);
      FaultTable.add(
          "12",
          "spark.task.maxFailures reached",
          "exception at the end of each attempt at a shard's task in iteration 4, three allowed",
          "exit code 70, iteration 3 saved; the same command went on when nothing failed",
          message(error));
    }
  }

  private static String message(String error) {
    return "\"" + error + "\"; " + FaultTable.SAME;
  }
}
