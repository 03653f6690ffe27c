package org.gridscape.metrics;

/** What LAPACK's routines report. */
final class Lapack {
  private Lapack() {}

  /**
   * Rejects a failure.
   *
   * @throws IllegalStateException naming the routine and its code
   */
  static void check(String routine, int info) {
    if (info != 0) {
      throw new IllegalStateException(
          "Cannot compute a Frechet distance: LAPACK's %s gave %d".formatted(routine, info));
    }
  }
}
