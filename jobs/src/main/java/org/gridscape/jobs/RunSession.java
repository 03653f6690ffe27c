package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/** Runs the work of a command on Spark and leaves result.json, however it ends. */
final class RunSession {
  private RunSession() {}

  /**
   * Opens Spark, works, writes the result.
   *
   * @param work returns the content of result.json
   */
  static ObjectNode run(
      RunFolder folder,
      String command,
      RunOptions options,
      Function<SparkSession, ObjectNode> work) {
    try (SparkSession spark = SparkSessions.open(options, command + " " + folder.runId())) {
      ObjectNode result = work.apply(spark);
      folder.writeResult(result);
      return result;
    } catch (Throwable thrown) {
      // Spark throws checked exceptions that its methods do not declare.
      folder.writeResult(RunResult.failed(folder, command, JobFailure.of(thrown)));
      throw thrown;
    }
  }
}
