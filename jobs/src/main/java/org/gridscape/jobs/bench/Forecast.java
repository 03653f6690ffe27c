package org.gridscape.jobs.bench;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What the cost model says of a growing cluster: one core an executor and one shard of constant
 * size on each, so that the batch grows with the cluster.
 *
 * @param model fitted on one machine
 * @param work seconds of chains and gradients of a shard
 * @param sent megabytes that go to each shard, and that each returns
 * @param fanIn shards of a group; 0 where the driver adds up all
 * @param most megabytes that groups may send to the driver
 * @param link megabytes a second of each network link
 */
record Forecast(CostModel model, double work, double sent, int fanIn, double most, double link) {
  private static final int MOST = 100_000;

  private Load load(int executors) {
    return new Load(executors, executors, sent, sent, fanIn, most);
  }

  /** An iteration. */
  double seconds(int executors) {
    Load load = load(executors);
    return work + model.overhead(load) + CostModel.network(load, link);
  }

  /** Throughput an executor against that of a single one. */
  double efficiency(int executors) {
    return seconds(1) / seconds(executors);
  }

  /** The largest cluster before the first with less than {@code efficiency}, at most 100,000. */
  int executorsWith(double efficiency) {
    return first(executors -> efficiency(executors) < efficiency) - 1;
  }

  /** The smallest cluster whose driver is busy for longer than its executors, at most 100,001. */
  int driverBound() {
    return first(
        executors -> {
          Load load = load(executors);
          return model.driver(load) + load.arriving() / link > work;
        });
  }

  private static int first(IntPredicate executors) {
    return IntStream.rangeClosed(1, MOST).filter(executors).findFirst().orElse(MOST + 1);
  }
}
