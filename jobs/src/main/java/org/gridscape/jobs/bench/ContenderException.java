package org.gridscape.jobs.bench;

/** A contender that cannot do a case; the others go on without it. */
final class ContenderException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ContenderException(String message) {
    super(message);
  }
}
