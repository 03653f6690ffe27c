package org.gridscape.energy;

class FusedMapEngineTest extends MapEngineContract {
  @Override
  EngineKind kind() {
    return EngineKind.FUSED;
  }
}
