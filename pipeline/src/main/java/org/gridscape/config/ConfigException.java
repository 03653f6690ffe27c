package org.gridscape.config;

/** A setting is unknown, missing, of the wrong kind or out of range. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Names the key, the value and the rule. */
  public ConfigException(String message) {
    super(message);
  }

  /** As above, with what was found out below. */
  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
