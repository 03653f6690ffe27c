package org.gridscape.energy;

import java.util.Locale;

/** The implementations of {@link EnergyEngine}; the driver chooses one for a whole run. */
public enum EngineKind {
  /** {@link ReferenceEngine}. */
  REFERENCE,
  /** {@link FusedEngine}. */
  FUSED;

  /** The name in configurations and results. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A new engine for a network; its parameters must be loaded before use. */
  public EnergyEngine create(GridNetwork network) {
    return switch (this) {
      case REFERENCE -> new ReferenceEngine(network);
      case FUSED -> new FusedEngine(network);
    };
  }
}
