package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OrderedSumTest {

  @Test
  void addsInDoubleAndRoundsOnce() {
    List<float[]> parts =
        List.of(new float[] {1e8f, 1f}, new float[] {3f, 2f}, new float[] {-1e8f, 3f});
    assertThat(OrderedSum.of(parts).rounded()).containsExactly(3f, 6f);
    assertThat(OrderedSum.of(parts).scaled(1.0 / 3)).containsExactly(1f, 2f);
  }

  @Test
  void leavesThePartsAlone() {
    float[] part = {1f, 2f};
    OrderedSum.of(List.of(part, part));
    assertThat(part).containsExactly(1f, 2f);
  }

  /** Numbers of 24 bits whose sizes differ by less than 2^29 have room in the 53 of a double. */
  @Test
  void orderOfPartsOfLikeSizeCannotChangeTheSum() {
    float[] one = {1f};
    float[] tiny = {0x1p-24f};
    assertThat(OrderedSum.of(List.of(one, tiny, tiny)).rounded()).containsExactly(1f + 0x1p-23f);
    assertThat(OrderedSum.of(List.of(tiny, tiny, one)).rounded()).containsExactly(1f + 0x1p-23f);
    assertThat(one[0] + tiny[0] + tiny[0]).isEqualTo(1f);
  }
}
