package org.gridscape.energy;

/** The engine of the tests that run with any: see CONTRIBUTING.md. */
public final class ChosenEngine {
  private ChosenEngine() {}

  /** What the system property {@code gridscape.test.engine} names, {@code auto} without it. */
  public static EngineKind kind() {
    return EngineKind.parse(System.getProperty("gridscape.test.engine", "auto"));
  }
}
