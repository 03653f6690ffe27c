package org.gridscape.features;

import java.io.Serial;

/** A network that judges images cannot be used as it is; the message says which and why. */
public final class ExtractorException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** With a message for the user. */
  public ExtractorException(String message) {
    super(message);
  }

  /** With a message for the user and what led to it. */
  public ExtractorException(String message, Throwable cause) {
    super(message, cause);
  }
}
