package org.gridscape.jobs;

/** Exit codes of every command, in the manner of sysexits. */
final class ExitCode {
  static final int DONE = 0;
  static final int USAGE = 2;
  static final int BAD_DATA = 65;
  static final int TOO_FEW_EXECUTORS = 69;
  static final int INTERNAL = 70;
  static final int STORE_FAILED = 74;
  static final int STOPPED = 75;
  static final int DIVERGED = 76;

  private ExitCode() {}
}
