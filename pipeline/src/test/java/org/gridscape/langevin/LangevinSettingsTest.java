package org.gridscape.langevin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.gridscape.image.PixelRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LangevinSettingsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1    | 1        | 0        | 1   | langevin steps: -1 (must be 0 to 65535)",
        "65536 | 1        | 0        | 1   | langevin steps: 65536 (must be 0 to 65535)",
        "1     | 0        | 0        | 1   | langevin step size: 0.0 (must be > 0 and finite)",
        "1     | NaN      | 0        | 1   | langevin step size: NaN (must be > 0 and finite)",
        "1     | Infinity | 0        | 1   | langevin step size: Infinity (must be > 0 and finite)",
        "1     | 1        | -1       | 1   | langevin noise: -1.0 (must be >= 0 and finite)",
        "1     | 1        | Infinity | 1   | langevin noise: Infinity (must be >= 0 and finite)",
        "1     | 1        | 0        | 0   | reference deviation: 0.0 (must be > 0)",
        "1     | 1        | 0        | NaN | reference deviation: NaN (must be > 0)"
      })
  void rejectsWhatCannotRun(int steps, float size, float noise, float deviation, String message) {
    assertThatThrownBy(
            () -> new LangevinSettings(steps, size, noise, deviation, PixelRange.SIGNED_UNIT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid " + message);
  }

  @Test
  void changesTheNumberOfStepsAlone() {
    LangevinSettings settings =
        new LangevinSettings(65535, 0.5f, 0f, Float.POSITIVE_INFINITY, PixelRange.BYTES);
    assertThat(settings.withSteps(7))
        .isEqualTo(new LangevinSettings(7, 0.5f, 0f, Float.POSITIVE_INFINITY, PixelRange.BYTES));
  }

  @Test
  void startsAreReadByName() {
    assertThat(ChainStart.parse("minimal-image")).isEqualTo(new ChainStart.MinimalImage());
    assertThat(ChainStart.parse("data")).isEqualTo(new ChainStart.Data());
    assertThat(ChainStart.parse("persistent")).isEqualTo(new ChainStart.Persistent());
    assertThat(ChainStart.parse("noise")).isEqualTo(new ChainStart.Noise());
    assertThatThrownBy(() -> ChainStart.parse("Data"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid chain start: Data (must be minimal-image, hidden, data, persistent or noise)");
  }
}
