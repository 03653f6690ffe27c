package org.gridscape.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.gridscape.image.ImageFit;
import org.gridscape.image.ImageShape;
import org.junit.jupiter.api.Test;

class RunsTest {

  @Test
  void ordersByTheHashOfSeedAndId() {
    // printf '\0\0\0\0\0\0\0\1a' | sha256sum
    assertThat(OrderKey.of("a", 1).hash()).isEqualTo(0x3b196fd4907bedf5L);
    assertThat(OrderKey.of("a", 1).hash()).isNotEqualTo(OrderKey.of("a", 2).hash());
    assertThat(new OrderKey(-1, "a")).isGreaterThan(new OrderKey(1, "b"));
    assertThat(new OrderKey(5, "a")).isLessThan(new OrderKey(5, "b"));
  }

  @Test
  void cutsConsecutiveRunsOfEvenSizes() {
    Runs runs = Runs.cut(keys(10_011), settings(4, 0.5, 8));
    assertThat(runs.files())
        .containsExactly(
            "shard-00000.parquet",
            "shard-00001.parquet",
            "shard-00002.parquet",
            "shard-00003.parquet",
            "heldout-00000.parquet",
            "heldout-00001.parquet");
    assertThat(IntStream.range(0, 6).map(runs::rows))
        .containsExactly(1251, 1251, 1251, 1252, 2503, 2503);
    assertThat(runs.split(3)).isEqualTo("train");
    assertThat(runs.split(4)).isEqualTo("heldout");
    assertThat(runs.shard(5)).isEqualTo(1);
  }

  @Test
  void sendsEachKeyToItsRun() {
    List<OrderKey> keys = keys(100);
    Runs runs = Runs.cut(keys, settings(7, 0.25, 8));
    int[] counts = new int[runs.numPartitions()];
    int last = 0;
    for (OrderKey key : keys) {
      int run = runs.getPartition(key);
      assertThat(run).isGreaterThanOrEqualTo(last);
      last = run;
      counts[run]++;
    }
    assertThat(counts).isEqualTo(IntStream.range(0, 8).map(runs::rows).toArray());
  }

  @Test
  void rejectsShardsThatCannotBeFilledOrRead() {
    assertThatThrownBy(() -> Runs.cut(keys(4), settings(4, 0.25, 8)))
        .isInstanceOf(DataException.class)
        .hasMessage("Invalid shards: 4 (must be at most the 3 training images)");
    assertThatThrownBy(() -> Runs.cut(keys(100), settings(1, 0, 10_000)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Invalid shards: 1 (must be at least 5, so that the pixels of a shard fit into 2 GiB)");
  }

  private static List<OrderKey> keys(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> OrderKey.of(Integer.toString(i), 1))
        .sorted()
        .toList();
  }

  private static DataSettings settings(int shards, double heldOut, int side) {
    return new DataSettings(
        "x", "y", shards, heldOut, new ImageShape(1, side), ImageFit.PAD, 0, 0, 1);
  }
}
