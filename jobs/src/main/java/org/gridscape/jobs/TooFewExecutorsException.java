package org.gridscape.jobs;

/** The cluster did not give as many executors as were asked for. */
final class TooFewExecutorsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TooFewExecutorsException(int came, int wanted) {
    super("Too few executors: %d came (must be %d)".formatted(came, wanted));
  }
}
