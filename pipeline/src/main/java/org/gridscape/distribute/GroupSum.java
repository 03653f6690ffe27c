package org.gridscape.distribute;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * The arrays of consecutive shards, added up in shard order.
 *
 * @param outcomes of the shards, ascending, without their arrays
 * @param sums one an array; empty if a shard diverged
 */
record GroupSum(List<ShardOutcome> outcomes, List<OrderedSum> sums) implements Serializable {

  /** Adds up what came in any order. */
  static GroupSum of(Iterable<ShardOutcome> arrived) {
    List<ShardOutcome> ordered =
        StreamSupport.stream(arrived.spliterator(), false)
            .sorted(Comparator.comparingInt(ShardOutcome::shard))
            .toList();
    List<ShardOutcome.Part> parts = new ArrayList<>();
    for (ShardOutcome outcome : ordered) {
      if (outcome instanceof ShardOutcome.Part part) {
        parts.add(part);
      }
    }
    return new GroupSum(
        new ArrayList<>(ordered.stream().map(ShardOutcome::withoutSums).toList()),
        parts.size() < ordered.size() ? new ArrayList<>() : sums(parts));
  }

  /** Arrays share nothing, so they are added up side by side. */
  private static List<OrderedSum> sums(List<ShardOutcome.Part> parts) {
    return new ArrayList<>(
        IntStream.range(0, parts.get(0).sums().size())
            .parallel()
            .mapToObj(i -> OrderedSum.of(parts.stream().map(part -> part.sums().get(i)).toList()))
            .toList());
  }

  /** The sums of all groups, in the order given; those of the first take up the others. */
  static List<OrderedSum> total(List<GroupSum> groups) {
    List<OrderedSum> total = groups.get(0).sums();
    for (GroupSum group : groups.subList(1, groups.size())) {
      for (int i = 0; i < total.size(); i++) {
        total.get(i).add(group.sums().get(i));
      }
    }
    return total;
  }
}
