package org.gridscape.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void medianIsTheMiddleOfTheSorted() {
    assertThat(Spread.of(List.of(5.0, 1.0, 3.0))).isEqualTo(new Spread(3, 1, 5));
    assertThat(Spread.of(List.of(8.0, 1.0, 2.0, 4.0))).isEqualTo(new Spread(3, 1, 8));
  }

  @Test
  void inversesTurnTheRangeRound() {
    assertThat(Spread.ofInverses(List.of(0.5, 0.25, 0.125))).isEqualTo(new Spread(4, 2, 8));
  }

  @Test
  void rejectsNothingMeasured() {
    assertThatThrownBy(() -> Spread.of(List.of()))
        .hasMessage("Invalid measurements: none (must be at least one)");
  }
}
