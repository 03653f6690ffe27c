package org.gridscape.energy;

/** The implementations of {@link EnergyEngine}; the driver chooses one for a whole run. */
public enum EngineKind {
  /** {@link ReferenceEngine}. */
  REFERENCE;

  /** A new engine for a network; its parameters must be loaded before use. */
  public EnergyEngine create(GridNetwork network) {
    return switch (this) {
      case REFERENCE -> new ReferenceEngine(network);
    };
  }
}
