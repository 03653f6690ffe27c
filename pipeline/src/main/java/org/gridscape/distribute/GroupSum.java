package org.gridscape.distribute;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The arrays of consecutive shards, added up in shard order.
 *
 * @param outcomes of the shards, ascending, without their arrays
 * @param sums one an array; empty if a shard diverged
 */
record GroupSum(List<ShardOutcome> outcomes, List<OrderedSum> sums) implements Serializable {

  /** Adds up outcomes that come in shard order, one at a time. */
  static GroupSum of(Iterator<ShardOutcome> ordered) {
    GroupSum group = new GroupSum(new ArrayList<>(), new ArrayList<>());
    while (ordered.hasNext()) {
      group.add(ordered.next());
    }
    return group.whole();
  }

  /** Adds up groups that come in shard order, one at a time. */
  static GroupSum total(Iterator<GroupSum> ordered) {
    GroupSum total = ordered.next();
    while (ordered.hasNext()) {
      GroupSum group = ordered.next();
      total.outcomes.addAll(group.outcomes);
      for (int i = 0; i < Math.min(total.sums.size(), group.sums.size()); i++) {
        total.sums.get(i).add(group.sums.get(i));
      }
    }
    return total.whole();
  }

  private void add(ShardOutcome outcome) {
    outcomes.add(outcome.withoutSums());
    if (outcome instanceof ShardOutcome.Part part) {
      if (sums.isEmpty()) {
        part.sums().forEach(array -> sums.add(new OrderedSum(array.length)));
      }
      // Arrays share nothing, so they are added up side by side.
      IntStream.range(0, sums.size()).parallel().forEach(i -> sums.get(i).add(part.sums().get(i)));
    }
  }

  private GroupSum whole() {
    if (outcomes.stream().anyMatch(ShardOutcome.Diverged.class::isInstance)) {
      sums.clear();
    }
    return this;
  }
}
