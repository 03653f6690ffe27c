package org.gridscape.energy;

class FusedEngineTest extends EnergyEngineContract {
  @Override
  EnergyEngine create(GridNetwork network) {
    return new FusedEngine(network);
  }
}
