package org.gridscape.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import org.gridscape.config.RunConfig;
import org.gridscape.energy.GridNetwork;

/**
 * What an iteration moves between the driver and its executors. A megabyte is 1e6 bytes.
 *
 * @param executors processes of one core
 * @param shards tasks
 * @param down megabytes that every executor fetches
 * @param up megabytes that a shard returns
 * @param fanIn parts of a group that executors add up; 0 where the driver adds up all
 * @param most megabytes that groups may send to the driver; more are added up in groups again
 */
record Load(int executors, int shards, double down, double up, int fanIn, double most) {
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
    return new Load(
        executors,
        shards,
        sent,
        sent,
        direct ? 0 : config.sum().fanIn(),
        config.sum().driverBytes() / MEGA);
  }

  /** Megabytes of the parameters of all grids. */
  static double megabytes(RunConfig config) {
    long parameters = config.networks().stream().mapToLong(GridNetwork::parameterCount).sum();
    return parameters * Float.BYTES / MEGA;
  }

  /** Parts that there are at first and after each level of groups; the last go to the driver. */
  private List<Integer> parts() {
    List<Integer> parts = new ArrayList<>(List.of(shards));
    int left = shards;
    if (fanIn > 0) {
      do {
        left = (left + fanIn - 1) / fanIn;
        parts.add(left);
      } while (left > 1 && 2 * left * up > most);
    }
    return parts;
  }

  /** Times that executors add up groups. */
  int levels() {
    return parts().size() - 1;
  }

  /** Megabytes of a part at a level; sums of groups are doubles. */
  private double megabytesAt(int level) {
    return level == 0 ? up : 2 * up;
  }

  /** Megabytes that reach the driver. */
  double arriving() {
    int levels = levels();
    return parts().get(levels) * megabytesAt(levels);
  }

  /** Megabytes that an executor's own shards return. */
  double given() {
    return shards * up / executors;
  }

  /** Megabytes that an executor hands to groups, all levels together. */
  double shuffled() {
    double all = 0;
    for (int level = 0; level < levels(); level++) {
      all += parts().get(level) * megabytesAt(level);
    }
    return all / executors;
  }

  /** Megabytes that go into one group of each level. */
  double gathered() {
    double all = 0;
    for (int level = 0; level < levels(); level++) {
      all += Math.min(fanIn, parts().get(level)) * megabytesAt(level);
    }
    return all;
  }
}
