package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.RunConfig;
import org.gridscape.distribute.DivergedException;
import org.gridscape.distribute.RunLock;

/**
 * What a command on a run works with.
 *
 * @param spark its session
 * @param stop whether it has been asked to stop
 * @param lock under which it may write
 */
record RunSession(SparkSession spark, StopRequest stop, RunLock lock) {

  /**
   * Takes the run's lock, opens Spark, works, and leaves result.json, however it ends.
   *
   * @param config of the run
   * @param work returns the content of result.json
   * @throws StoppedException if a signal came while it worked
   * @throws org.gridscape.distribute.RunLockedException if another process works on the run
   */
  static ObjectNode run(
      RunFolder folder,
      String command,
      RunOptions options,
      RunConfig config,
      Function<RunSession, ObjectNode> work) {
    try (StopRequest stop = new StopRequest(options.maxWallTime);
        RunLock lock = folder.lock(config)) {
      try (SparkSession spark = SparkSessions.open(options, command + " " + folder.runId())) {
        stop.cancels(spark.sparkContext());
        ObjectNode result = work.apply(new RunSession(spark, stop, lock));
        lock.requireHeld();
        folder.writeResult(result);
        return result;
      } catch (Throwable thrown) {
        lock.requireHeld();
        // Spark throws checked exceptions that its methods do not declare.
        if (stop.signalled() && JobFailure.of(thrown).exitCode() != ExitCode.STOPPED) {
          StoppedException stopped = new StoppedException(command, thrown);
          folder.writeResult(RunResult.failed(folder, command, JobFailure.of(stopped)));
          throw stopped;
        }
        ObjectNode result = RunResult.failed(folder, command, JobFailure.of(thrown));
        if (thrown instanceof DivergedException diverged) {
          result.put(
              "replay",
              "gridscape replay --runs %s --run-id %s --iteration %d"
                  .formatted(options.runs, folder.runId(), diverged.iteration()));
        }
        folder.writeResult(result);
        throw thrown;
      }
    }
  }

  JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }
}
