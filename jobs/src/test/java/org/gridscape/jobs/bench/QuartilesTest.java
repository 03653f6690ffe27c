package org.gridscape.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuartilesTest {
  @Test
  void quartilesAreLinearBetweenNeighbours() {
    assertThat(Quartiles.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Quartiles(1.75, 2.5, 3.25));
    assertThat(Quartiles.of(List.of(7.0))).isEqualTo(new Quartiles(7, 7, 7));
  }

  @Test
  void nothingHasNoQuartiles() {
    assertThatThrownBy(() -> Quartiles.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid measurements: none (must be at least one)");
  }
}
