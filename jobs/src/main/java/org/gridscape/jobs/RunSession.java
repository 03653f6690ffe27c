package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.RunConfig;
import org.gridscape.distribute.RunLock;
import org.gridscape.report.HtmlReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a command on a run works with.
 *
 * @param spark its session
 * @param stop whether it has been asked to stop
 * @param lock under which it may write
 */
record RunSession(SparkSession spark, StopRequest stop, RunLock lock) {
  private static final Logger LOG = LoggerFactory.getLogger(RunSession.class);

  /**
   * Takes the run's lock, opens Spark, works, and leaves result.json and report.html, however it
   * ends.
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
      try (SparkSession spark = open(folder, command, options, lock)) {
        stop.cancels(spark.sparkContext());
        try {
          ObjectNode result = work.apply(new RunSession(spark, stop, lock));
          lock.requireHeld();
          folder.writeResult(result);
          HtmlReport.write(folder.path());
          return result;
        } catch (Throwable thrown) {
          // Spark throws checked exceptions that its methods do not declare.
          if (stop.cancelling() && JobFailure.of(thrown).exitCode() != ExitCode.STOPPED) {
            StoppedException stopped = new StoppedException(command, thrown);
            leave(folder, command, stopped, lock);
            throw stopped;
          }
          leave(folder, command, thrown, lock);
          throw thrown;
        }
      }
    }
  }

  private static SparkSession open(
      RunFolder folder, String command, RunOptions options, RunLock lock) {
    try {
      return SparkSessions.open(options, command + " " + folder.runId());
    } catch (RuntimeException e) {
      leave(folder, command, e, lock);
      throw e;
    }
  }

  /** Leaves a failure's result and page; that this fails too must not hide the failure. */
  private static void leave(RunFolder folder, String command, Throwable thrown, RunLock lock) {
    try {
      lock.requireHeld();
      ObjectNode result = RunResult.failed(folder, command, JobFailure.of(thrown));
      if (thrown instanceof GaveUpException gaveUp) {
        result.put("replay", gaveUp.replay());
      }
      folder.writeResult(result);
      HtmlReport.write(folder.path());
    } catch (RuntimeException e) {
      thrown.addSuppressed(e);
      LOG.warn("No result of run {}: {}", folder.runId(), e.getMessage());
    }
  }

  JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }
}
