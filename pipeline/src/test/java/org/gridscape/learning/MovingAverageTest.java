package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MovingAverageTest {

  @Test
  void decayGrowsUpToItsLargest() {
    MovingAverage average = new MovingAverage(0.98);
    assertThat(moved(average, 1)).isEqualTo(1 - 2f / 11);
    assertThat(moved(average, 10)).isEqualTo(1 - 11f / 20);
    assertThat(moved(average, 100_000)).isCloseTo(0.02f, offset(1e-7f));
  }

  @Test
  void withoutDecayItIsTheParameters() {
    float[] average = {5f, 6f};
    new MovingAverage(0).update(average, new float[] {0.1f, -3f}, 7);
    assertThat(average).containsExactly(0.1f, -3f);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, Double.NaN})
  void rejectsDecaysOutOfRange(double decay) {
    assertThatThrownBy(() -> new MovingAverage(decay))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid decay of the moving average: " + decay + " (must be in [0, 1))");
  }

  /** From 0 towards 1. */
  private static float moved(MovingAverage rule, int iteration) {
    float[] average = {0f};
    rule.update(average, new float[] {1f}, iteration);
    return average[0];
  }
}
