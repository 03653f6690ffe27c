package org.gridscape.storage;

/** A file or folder that a store would not read, write, list or delete, for all the patience. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What could not be done, with which path, and why. */
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
