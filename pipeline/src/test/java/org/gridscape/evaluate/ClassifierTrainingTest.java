package org.gridscape.evaluate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ClassifierTrainingTest {
  @Test
  void rejectsSettingsThatTrainNothing() {
    assertThatThrownBy(() -> new ClassifierTraining(1, 1, 1, 1, 1e-3, 0))
        .hasMessage("Invalid classes: 1 (must be >= 2)");
    assertThatThrownBy(() -> new ClassifierTraining(2, 0, 1, 1, 1e-3, 0))
        .hasMessage("Invalid epochs: 0 (must be >= 1)");
    assertThatThrownBy(() -> new ClassifierTraining(2, 1, 0, 1, 1e-3, 0))
        .hasMessage("Invalid batch: 0 (must be >= 1)");
    assertThatThrownBy(() -> new ClassifierTraining(2, 1, 1, 0, 1e-3, 0))
        .hasMessage("Invalid averaging frequency: 0 (must be >= 1)");
    assertThatThrownBy(() -> new ClassifierTraining(2, 1, 1, 1, Double.NaN, 0))
        .hasMessage("Invalid learning rate: NaN (must be finite and > 0)");
  }
}
