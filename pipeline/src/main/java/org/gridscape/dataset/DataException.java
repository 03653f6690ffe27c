package org.gridscape.dataset;

/** Data that cannot be used: missing, damaged, or too much of it rejected. */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A fault found in the data themselves. */
  public DataException(String message) {
    super(message);
  }

  /** A fault that another exception told of. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
