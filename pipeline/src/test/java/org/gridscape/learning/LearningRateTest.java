package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LearningRateTest {

  @Test
  void constantStays() {
    LearningRate rate = new LearningRate.Constant(0.3);
    assertThat(rate.at(1, 10)).isEqualTo(0.3);
    assertThat(rate.at(10, 10)).isEqualTo(0.3);
  }

  @Test
  void linearFallsToItsShareAtTheLastIteration() {
    LearningRate rate = new LearningRate.Linear(4e-4, 0.1);
    assertThat(rate.at(1, 301)).isEqualTo(4e-4);
    assertThat(rate.at(151, 301)).isCloseTo(2.2e-4, offset(1e-18));
    assertThat(rate.at(301, 301)).isCloseTo(4e-5, offset(1e-18));
    assertThat(rate.at(1, 1)).isEqualTo(4e-4);
  }

  @Test
  void staircaseFallsEverySoManyIterations() {
    LearningRate rate = new LearningRate.Staircase(8, 0.5, 3);
    double[] expected = {8, 8, 8, 4, 4, 4, 2};
    for (int i = 0; i < expected.length; i++) {
      assertThat(rate.at(i + 1, 100)).isEqualTo(expected[i]);
    }
  }

  /** 700 epochs, one stair every 12: 58 of them. */
  @Test
  void staircaseOfTheAuthorsEndsAtAHundredth() {
    LearningRate rate = new LearningRate.Staircase(0.3, 0.94337, 12);
    assertThat(rate.at(700, 700)).isCloseTo(0.01, Percentage.withPercentage(3));
  }

  @Test
  void linearStaysWhereItEndsWhenARunGoesFurther() {
    LearningRate linear = new LearningRate.Linear(1, 0.25);
    assertThat(linear.at(10, 10)).isEqualTo(0.25);
    assertThat(linear.at(11, 10)).isEqualTo(0.25);
    assertThat(linear.at(1000, 10)).isEqualTo(0.25);
  }

  @Test
  void rejectsSettingsOutOfRange() {
    assertThatThrownBy(() -> new LearningRate.Constant(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid learning rate: 0.0 (must be > 0 and finite)");
    assertThatThrownBy(() -> new LearningRate.Linear(Double.POSITIVE_INFINITY, 0.1))
        .hasMessage("Invalid learning rate: Infinity (must be > 0 and finite)");
    assertThatThrownBy(() -> new LearningRate.Linear(1, 1.5))
        .hasMessage("Invalid last share of the learning rate: 1.5 (must be in [0, 1])");
    assertThatThrownBy(() -> new LearningRate.Staircase(1, 0, 3))
        .hasMessage("Invalid staircase: factor 0.0 every 3 (must be in (0, 1], every >= 1)");
    assertThatThrownBy(() -> new LearningRate.Staircase(1, 0.5, 0))
        .hasMessage("Invalid staircase: factor 0.5 every 0 (must be in (0, 1], every >= 1)");
  }
}
