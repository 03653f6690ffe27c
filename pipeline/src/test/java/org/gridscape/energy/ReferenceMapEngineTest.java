package org.gridscape.energy;

class ReferenceMapEngineTest extends MapEngineContract {
  @Override
  EngineKind kind() {
    return EngineKind.REFERENCE;
  }
}
