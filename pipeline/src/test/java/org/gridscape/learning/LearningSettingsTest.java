package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.ChainStart;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.pyramid.GridLadder;
import org.junit.jupiter.api.Test;

class LearningSettingsTest {

  @Test
  void rejectsNoiseBeyondTheRangeAndPenaltiesBelowZero() {
    assertThat(settings(2f, 0f).dataNoise()).isEqualTo(2f);
    assertThatThrownBy(() -> settings(2.1f, 0f))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid data noise: 2.1 (must be >= 0 and within the pixel range)");
    assertThatThrownBy(() -> settings(Float.NaN, 0f))
        .hasMessage("Invalid data noise: NaN (must be >= 0 and within the pixel range)");
    assertThatThrownBy(() -> settings(0f, -1f))
        .hasMessage("Invalid energy penalty: -1.0 (must be >= 0 and finite)");
  }

  @Test
  void statisticsAreThoseOfAllImages() {
    GridStatistics both =
        new GridStatistics(
                1, 4, 3, 9, 1, 1, 5, 1, new PenaltySums(0.5, 2, 3, 2.5), new ChangeSums(1, 2, 4))
            .plus(
                new GridStatistics(
                    3,
                    12,
                    9,
                    31,
                    3,
                    5,
                    7,
                    3,
                    new PenaltySums(1.5, 6, 5, 5.5),
                    new ChangeSums(1, 4, 16)))
            .plus(GridStatistics.EMPTY);
    assertThat(both.images()).isEqualTo(4);
    assertThat(both.energyGap()).isEqualTo(2);
    assertThat(both.observedMean()).isEqualTo(3);
    assertThat(both.observedDeviation()).isEqualTo(1);
    assertThat(both.synthesizedMean()).isEqualTo(1);
    assertThat(both.synthesizedDeviation()).isCloseTo(Math.sqrt(0.5), offset(1e-12));
    assertThat(both.meanGradientStrength()).isEqualTo(3);
    assertThat(both.clippedShare()).isEqualTo(0.25);
    assertThat(both.change().dissipation()).hasValue(0.5);
    assertThat(GridStatistics.EMPTY.change().dissipation()).isEmpty();
    assertThat(both.gamma()).isEqualTo(0.5);
    assertThat(both.observedSquaredSlope()).isEqualTo(2);
    assertThat(both.synthesizedSquaredSlope()).isEqualTo(2);
    assertThat(both.meanPenalty()).isEqualTo(2);
  }

  private static LearningSettings settings(float dataNoise, float penalty) {
    return new LearningSettings(
        new GridLadder(List.of(1, 4)),
        new LangevinSettings(1, 1f, 0f, Float.POSITIVE_INFINITY, PixelRange.SIGNED_UNIT),
        new ChainStart.Data(),
        dataNoise,
        false,
        penalty,
        GradientPenalty.none(1),
        new StepSchedule(1, 1),
        100,
        1L,
        0);
  }
}
