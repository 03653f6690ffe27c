package org.gridscape.distribute;

import org.apache.spark.Partitioner;

/** Sends consecutive keys, a fixed number of them, to one partition. */
final class GroupPartitioner extends Partitioner {
  private static final long serialVersionUID = 1;

  private final int keys;
  private final int fanIn;

  /**
   * A partitioner of the keys 0 to {@code keys} - 1.
   *
   * @param fanIn keys of a partition, but for the last
   */
  GroupPartitioner(int keys, int fanIn) {
    this.keys = keys;
    this.fanIn = fanIn;
  }

  @Override
  public int numPartitions() {
    return (keys + fanIn - 1) / fanIn;
  }

  @Override
  public int getPartition(Object key) {
    return (Integer) key / fanIn;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GroupPartitioner that && keys == that.keys && fanIn == that.fanIn;
  }

  @Override
  public int hashCode() {
    return 31 * keys + fanIn;
  }
}
