package org.gridscape.jobs;

import org.gridscape.config.ConfigException;
import org.gridscape.dataset.ChangedSettingsException;
import org.gridscape.dataset.DataException;
import org.gridscape.distribute.DeviceException;
import org.gridscape.distribute.DivergedException;
import org.gridscape.langevin.DivergedChainException;

/**
 * How a command ended that did not succeed.
 *
 * @param exitCode one of {@link ExitCode}
 * @param status of the run: failed, stopped or diverged
 * @param message for the user
 */
record JobFailure(int exitCode, String status, String message) {

  /** The failure behind an exception, looked for down its causes. */
  static JobFailure of(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof ConfigException || cause instanceof ChangedSettingsException) {
        return new JobFailure(ExitCode.USAGE, "failed", message);
      }
      if (cause instanceof DataException) {
        return new JobFailure(ExitCode.BAD_DATA, "failed", message);
      }
      if (cause instanceof DivergedException || cause instanceof DivergedChainException) {
        return new JobFailure(ExitCode.DIVERGED, "diverged", message);
      }
      if (cause instanceof StoppedException) {
        return new JobFailure(ExitCode.STOPPED, "stopped", message);
      }
      if (cause instanceof TooFewExecutorsException || cause instanceof DeviceException) {
        return new JobFailure(ExitCode.TOO_FEW_EXECUTORS, "failed", message);
      }
    }
    return new JobFailure(ExitCode.INTERNAL, "failed", innermost(thrown));
  }

  private static String innermost(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }
}
