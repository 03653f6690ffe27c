package org.gridscape.jobs;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.spark.SparkException;
import org.apache.spark.util.SparkExitCode;
import org.gridscape.config.ConfigException;
import org.gridscape.dataset.ChangedSettingsException;
import org.gridscape.dataset.DataException;
import org.gridscape.distribute.DeviceException;
import org.gridscape.distribute.DivergedException;
import org.gridscape.distribute.RunLockedException;
import org.gridscape.distribute.UnlikeExecutorsException;
import org.gridscape.features.ExtractorException;
import org.gridscape.langevin.DivergedChainException;
import org.gridscape.storage.StoreException;

/**
 * How a command ended that did not succeed.
 *
 * @param exitCode one of {@link ExitCode}
 * @param status of the run: failed, stopped, locked or diverged
 * @param message for the user
 */
record JobFailure(int exitCode, String status, String message) {
  private static final String ABORTED = "Job aborted due to stage failure: ";
  private static final String OUT_OF_HEAP = "exited with code " + SparkExitCode.OOM();
  private static final String KILLED = "exited with code 137";

  /** The failure behind an exception, looked for down its causes. */
  static JobFailure of(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof IterationFailedException failed) {
        return failed.failure();
      }
      if (cause instanceof ConfigException || cause instanceof ChangedSettingsException) {
        return new JobFailure(ExitCode.USAGE, "failed", message);
      }
      if (cause instanceof ExtractorException) {
        return new JobFailure(ExitCode.BAD_DATA, "failed", message);
      }
      if (cause instanceof DataException) {
        return new JobFailure(
            Optional.ofNullable(cause.getCause()).filter(JobFailure::isOfStore).isPresent()
                ? ExitCode.STORE_FAILED
                : ExitCode.BAD_DATA,
            "failed",
            message);
      }
      if (cause instanceof DivergedException
          || cause instanceof DivergedChainException
          || cause instanceof GaveUpException) {
        return new JobFailure(ExitCode.DIVERGED, "diverged", message);
      }
      if (cause instanceof StoppedException) {
        return new JobFailure(ExitCode.STOPPED, "stopped", message);
      }
      if (cause instanceof RunLockedException) {
        return new JobFailure(ExitCode.STOPPED, "locked", message);
      }
      if (cause instanceof StoreException || cause instanceof UncheckedIOException) {
        return new JobFailure(ExitCode.STORE_FAILED, "failed", message);
      }
      if (cause instanceof TooFewExecutorsException
          || cause instanceof UnlikeExecutorsException
          || cause instanceof DeviceException) {
        return new JobFailure(ExitCode.TOO_FEW_EXECUTORS, "failed", message);
      }
    }
    return new JobFailure(ExitCode.INTERNAL, "failed", reason(thrown));
  }

  /** Whether a store failed, and not what lies in it. */
  private static boolean isOfStore(Throwable cause) {
    return cause instanceof IOException
        && !(cause instanceof FileNotFoundException)
        && !(cause instanceof EOFException);
  }

  /** The innermost cause and, of a Spark job that gave up, task and executor. */
  private static String reason(Throwable thrown) {
    String aborted = "";
    Throwable innermost = thrown;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      innermost = cause;
      String line = firstLine(cause);
      if (line.startsWith(ABORTED)) {
        aborted = explained(line.substring(ABORTED.length()));
      }
    }
    if (innermost instanceof SparkException && !aborted.isEmpty()) {
      return aborted;
    }
    String reason = innermost.getClass().getSimpleName() + ": " + firstLine(innermost);
    if (aborted.isEmpty()) {
      return reason;
    }
    return aborted.contains(reason) ? aborted : aborted + ": " + reason;
  }

  /** What Spark tells of an executor that ended by its exit code alone. */
  private static String explained(String aborted) {
    return aborted
        .replace(OUT_OF_HEAP, OUT_OF_HEAP + " (out of Java heap, see spark.executor.memory)")
        .replace(KILLED, KILLED + " (killed, as where a container or machine is out of memory)");
  }

  /** Spark adds a stack trace to the message of a job that failed. */
  private static String firstLine(Throwable thrown) {
    return String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
  }

  /** The same in other words. */
  JobFailure saying(String words) {
    return new JobFailure(exitCode, status, words);
  }
}
