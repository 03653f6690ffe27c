package org.gridscape.jobs;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.gridscape.config.ConfigException;
import org.gridscape.dataset.ChangedSettingsException;
import org.gridscape.dataset.DataException;
import org.gridscape.distribute.DeviceException;
import org.gridscape.distribute.DivergedException;
import org.gridscape.distribute.RunLockedException;
import org.gridscape.distribute.UnlikeExecutorsException;
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
    return new JobFailure(ExitCode.INTERNAL, "failed", innermost(thrown));
  }

  /** Whether a store failed, and not what lies in it. */
  private static boolean isOfStore(Throwable cause) {
    return cause instanceof IOException
        && !(cause instanceof FileNotFoundException)
        && !(cause instanceof EOFException);
  }

  private static String innermost(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    // Spark adds a stack trace to the message of a job that failed.
    String firstLine = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return cause.getClass().getSimpleName() + ": " + firstLine;
  }

  /** The same in other words. */
  JobFailure saying(String words) {
    return new JobFailure(exitCode, status, words);
  }
}
