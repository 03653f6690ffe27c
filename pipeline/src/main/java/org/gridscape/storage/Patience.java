package org.gridscape.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For how long something that a store refuses is tried again.
 *
 * <p>The pause before the next try doubles from a tenth of a second up to ten seconds. What waiting
 * cannot change is not tried again: a file that is not there, or is there already, or whose parent
 * is a file, and a scheme that nobody knows.
 *
 * @param total from the first failure on, 0 for a single try
 * @param waiting how time passes
 */
public record Patience(Duration total, Waiting waiting) implements Serializable {
  private static final long serialVersionUID = 1;

  /** A single try. */
  public static final Patience NONE = new Patience(Duration.ZERO);

  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** Rejects a negative length. */
  public Patience {
    if (total.isNegative()) {
      throw new IllegalArgumentException("Invalid patience: " + total + " (must be >= 0)");
    }
  }

  /** Patience in the time of this machine. */
  public Patience(Duration total) {
    this(total, Waiting.RealTime.INSTANCE);
  }

  /** What is tried; begins from the start each time. */
  @FunctionalInterface
  public interface Attempt<T> {
    /** Tries once. */
    T run() throws IOException;
  }

  /**
   * Tries until it works or the patience is over.
   *
   * @param action for the log, as in "Cannot <action>: <reason>"
   * @throws IOException the last failure; its message says how often and for how long it was tried
   */
  public <T> T retry(String action, Attempt<T> attempt) throws IOException {
    long begun = 0;
    Duration pause = FIRST_PAUSE;
    for (int tries = 1; ; tries++) {
      try {
        return checked(attempt);
      } catch (IOException e) {
        if (isLasting(e)) {
          throw e;
        }
        long now = waiting.nanos();
        begun = tries == 1 ? now : begun;
        Duration left = total.minusNanos(now - begun);
        if (left.isZero() || left.isNegative()) {
          throw tries == 1 ? e : givenUp(e, tries);
        }
        Duration next = pause.compareTo(left) < 0 ? pause : left;
        LOG.warn("Cannot {}: {}; next try in {} s", action, reason(e), next.toMillis() / 1000.0);
        waiting.pause(next);
        pause =
            pause.compareTo(LONGEST_PAUSE.dividedBy(2)) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
      }
    }
  }

  /** Tries once; what Hadoop throws when a local disk fails, a full one too, is an error. */
  static <T> T checked(Attempt<T> attempt) throws IOException {
    try {
      return attempt.run();
    } catch (FSError e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getMessage(), e);
    }
  }

  private IOException givenUp(IOException last, int tries) {
    return new IOException(
        "%s (tried %d times in %s s)".formatted(reason(last), tries, total.toMillis() / 1000.0),
        last);
  }

  private static boolean isLasting(IOException e) {
    return e instanceof FileNotFoundException
        || e instanceof NoSuchFileException
        || e instanceof FileAlreadyExistsException
        || e instanceof java.nio.file.FileAlreadyExistsException
        || e instanceof ParentNotDirectoryException
        || e instanceof UnsupportedFileSystemException;
  }

  /** What an exception says, or its kind where it says nothing. */
  public static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
