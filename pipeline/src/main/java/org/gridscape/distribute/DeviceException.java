package org.gridscape.distribute;

/** A process that shall compute has not the device that it needs. */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With a message for the user. */
  public DeviceException(String message) {
    super(message);
  }
}
