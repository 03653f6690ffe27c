package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The skeleton of result.json: what a scheduler reads instead of an exit code. */
final class RunResult {
  private RunResult() {}

  static ObjectNode complete(RunFolder folder, String command) {
    return of(folder, command, "complete");
  }

  static ObjectNode failed(RunFolder folder, String command, JobFailure failure) {
    return of(folder, command, failure.status())
        .put("exitCode", failure.exitCode())
        .put("error", failure.message());
  }

  private static ObjectNode of(RunFolder folder, String command, String status) {
    return RunFolder.JSON
        .createObjectNode()
        .put("status", status)
        .put("command", command)
        .put("runId", folder.runId());
  }
}
