package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StepScheduleTest {
  @Test
  void holdsThenChangesInAStraightLine() {
    StepSchedule schedule = new StepSchedule(10, 0.2);
    assertThat(schedule.steps(60, 0)).isEqualTo(60);
    assertThat(schedule.steps(60, 0.2)).isEqualTo(60);
    assertThat(schedule.steps(60, 0.6)).isEqualTo(35);
    assertThat(schedule.steps(60, 1)).isEqualTo(10);
  }

  @Test
  void mayHoldToTheEnd() {
    assertThat(new StepSchedule(10, 1).steps(60, 1)).isEqualTo(60);
  }

  @Test
  void rejectsEndsWithoutAStep() {
    assertThatThrownBy(() -> new StepSchedule(0, 0))
        .hasMessage("Invalid langevin.schedule.last: 0 (must be 1 to 65535)");
    assertThatThrownBy(() -> new StepSchedule(1, -0.5))
        .hasMessage("Invalid langevin.schedule.hold: -0.5 (must be in [0, 1])");
  }
}
