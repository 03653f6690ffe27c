package org.gridscape.jobs.bench;

import org.gridscape.config.RunConfig;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.InitialParameters;
import org.gridscape.langevin.LangevinSettings;

/**
 * Chains of one network. Each of {@code threads} threads runs its own cell of {@code batch} images;
 * PyTorch runs all of them in one tensor with as many threads of its own.
 *
 * @param preset where the network comes from
 * @param network on its grid
 * @param initial how its parameters start
 * @param settings of the chain; the number of steps is the measurement's
 * @param batch images a cell
 * @param threads cells side by side
 */
record ChainCase(
    String preset,
    GridNetwork network,
    InitialParameters initial,
    LangevinSettings settings,
    int batch,
    int threads) {

  /** The case of grid number {@code grid}, from 0, of a configuration. */
  static ChainCase of(String preset, RunConfig config, int grid, int batch, int threads) {
    return new ChainCase(
        preset,
        config.networks().get(grid),
        config.initial(),
        config.learning().langevin(),
        batch,
        threads);
  }

  /** What {@code --only} and {@code --dry-run} call it. */
  String name(String list) {
    return "%s/%s/%d/batch-%d/threads-%d"
        .formatted(list, preset, network.shape().side(), batch, threads);
  }

  /** Images of all cells together. */
  int images() {
    return batch * threads;
  }

  /**
   * Billions of floating-point operations of one step of all cells: a multiplication and an
   * addition each, forward and back to the pixels.
   */
  double gigaflop() {
    return 4e-9 * network.multiplyAdds() * images();
  }
}
