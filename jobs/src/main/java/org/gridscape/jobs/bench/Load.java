package org.gridscape.jobs.bench;

import org.gridscape.config.RunConfig;
import org.gridscape.energy.GridNetwork;

/**
 * What an iteration moves between the driver and its executors. A megabyte is 1e6 bytes.
 *
 * @param executors processes of one core
 * @param shards tasks
 * @param down megabytes that every executor fetches
 * @param up megabytes that a shard returns
 * @param fanIn shards of a group that executors add up; 0 where the driver adds up all
 */
record Load(int executors, int shards, double down, double up, int fanIn) {
  private static final double MEGA = 1e6;

  /** Rejects loads of nobody. */
  Load {
    if (executors < 1 || shards < 1) {
      throw new IllegalArgumentException(
          "Invalid load: %d executors, %d shards (must be >= 1)".formatted(executors, shards));
    }
  }

  /** The load of a run with one core an executor. */
  static Load of(RunConfig config, int executors) {
    int shards = config.data().shards();
    double sent = megabytes(config);
    if (config.update().localSteps() > 0) {
      sent *= 1 + config.update().optimizer().moments();
    }
    boolean direct = shards * sent * MEGA <= config.sum().driverBytes();
    return new Load(executors, shards, sent, sent, direct ? 0 : config.sum().fanIn());
  }

  /** Megabytes of the parameters of all grids. */
  static double megabytes(RunConfig config) {
    long parameters = config.networks().stream().mapToLong(GridNetwork::parameterCount).sum();
    return parameters * Float.BYTES / MEGA;
  }

  /** Megabytes that reach the driver; sums of groups are doubles. */
  double arriving() {
    if (fanIn == 0) {
      return shards * up;
    }
    int groups = (shards + fanIn - 1) / fanIn;
    return 2 * up * groups;
  }

  /** Megabytes that an executor's own shards return. */
  double given() {
    return shards * up / executors;
  }

  /** 1 where executors add up groups, else 0. */
  int grouped() {
    return fanIn == 0 ? 0 : 1;
  }
}
