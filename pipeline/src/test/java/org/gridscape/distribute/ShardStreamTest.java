package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gridscape.noise.NoiseStream;
import org.junit.jupiter.api.Test;

class ShardStreamTest {
  private static final int ROWS = 10;
  private static final ShardStream STREAM = stream(2);

  @Test
  void takesEveryImageOnceAnEpochWithoutABreakBetweenEpochs() {
    List<Integer> taken = taken(STREAM, 10, 7);
    for (int epoch = 0; epoch < 7; epoch++) {
      assertThat(taken.subList(epoch * ROWS, (epoch + 1) * ROWS))
          .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
  }

  @Test
  void theStreamIsTheSameHoweverItIsCut() {
    assertThat(taken(STREAM, 30, 2)).isEqualTo(taken(STREAM, 4, 15));
    assertThat(taken(STREAM, 2, 30)).isEqualTo(taken(STREAM, 4, 15));
  }

  @Test
  void anIterationDoesNotDependOnWhichWasAskedBefore() {
    int[] asked = rows(stream(2), 9, 7);
    rows(STREAM, 1, 7);
    assertThat(rows(STREAM, 9, 7)).containsExactly(asked);
  }

  @Test
  void ordersDifferBetweenEpochsAndShards() {
    List<Integer> taken = taken(STREAM, 3, ROWS);
    assertThat(taken.subList(0, ROWS)).isNotEqualTo(taken.subList(ROWS, 2 * ROWS));
    assertThat(taken(stream(3), 1, ROWS)).isNotEqualTo(taken.subList(0, ROWS));
  }

  private static ShardStream stream(int shard) {
    return new ShardStream(shard, ROWS, NoiseStream.of(4, NoiseStream.Purpose.PERMUTATION));
  }

  private static int[] rows(ShardStream stream, int iteration, int count) {
    return stream.rows(
        iteration, count, (epoch, from, to) -> Arrays.copyOfRange(stream.order(epoch), from, to));
  }

  private static List<Integer> taken(ShardStream stream, int iterations, int count) {
    List<Integer> taken = new ArrayList<>();
    for (int iteration = 1; iteration <= iterations; iteration++) {
      IntStream.of(rows(stream, iteration, count)).forEach(taken::add);
    }
    return taken;
  }
}
