package org.gridscape.jobs.bench;

/** One way of computing a case. */
interface Contender extends AutoCloseable {

  /** The engine's name, or {@code pytorch} and the mode. */
  String name();

  /**
   * Does a number of steps.
   *
   * @return wall time in seconds, preparations left out
   * @throws ContenderException if it cannot go on
   */
  double seconds(int steps);

  @Override
  void close();
}
