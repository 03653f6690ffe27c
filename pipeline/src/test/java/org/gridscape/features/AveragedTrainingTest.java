package org.gridscape.features;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AveragedTrainingTest {
  @Test
  void rejectsSettingsThatTrainNothing() {
    assertThatThrownBy(() -> new AveragedTraining(0, 1, 1, 1e-3, 1, 0))
        .hasMessage("Invalid epochs: 0 (must be >= 1)");
    assertThatThrownBy(() -> new AveragedTraining(1, 0, 1, 1e-3, 1, 0))
        .hasMessage("Invalid batch: 0 (must be >= 1)");
    assertThatThrownBy(() -> new AveragedTraining(1, 1, 0, 1e-3, 1, 0))
        .hasMessage("Invalid averaging frequency: 0 (must be >= 1)");
    assertThatThrownBy(() -> new AveragedTraining(1, 1, 1, 1e-3, 0, 0))
        .hasMessage("Invalid workers: 0 (must be >= 1)");
    assertThatThrownBy(() -> new AveragedTraining(1, 1, 1, Double.NaN, 1, 0))
        .hasMessage("Invalid learning rate: NaN (must be finite and > 0)");
  }
}
