package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentinelTest {
  private static final List<Integer> SIDES = List.of(4, 8);
  private static final Sentinel.Limits LIMITS = new Sentinel.Limits(50, 20, 0.98, 1000, 5000);
  private static final Sentinel SENTINEL =
      new Sentinel(LIMITS, new Sentinel.Remedy.NoiseBranch(), 2);
  private static final GridStatistics CALM = statistics(0.3, 0.5, 0.2);

  @Test
  void aCalmRunRaisesNoAlarm() {
    assertThat(SENTINEL.alarm(SIDES, List.of(CALM, CALM), List.of(3.0, 1000.0))).isEmpty();
    assertThat(SENTINEL.alarm(SIDES, List.of(CALM, statistics(-50, 20, 0.98)), List.of(1.0, 1.0)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "51|0.5|0.2|1|energy gap 51.00 (must be <= 50.00) on grid 8",
        "-51|0.5|0.2|1|energy gap 51.00 (must be <= 50.00) on grid 8",
        "0|21|0.2|1|gradient strength 21.00 (must be <= 20.00) on grid 8",
        "0|0.5|0.99|1|share of clipped pixels 0.9900 (must be <= 0.9800) on grid 8",
        "0|0.5|0.2|1001|gradient norm 1001 (must be <= 1000) on grid 8",
        "NaN|0.5|0.2|1|energy gap NaN (must be <= 50.00) on grid 8",
        "Infinity|0.5|0.2|1|energy gap Infinity (must be <= 50.00) on grid 8",
      })
  void namesTheSignalItsValueAndTheGrid(
      double gap, double strength, double clipped, double norm, String alarm) {
    List<GridStatistics> seen = List.of(CALM, statistics(gap, strength, clipped));
    assertThat(SENTINEL.alarm(SIDES, seen, List.of(1.0, norm))).hasValue(alarm);
  }

  @Test
  void watchesTheGenerator() {
    List<GridStatistics> calm = List.of(CALM, CALM);
    assertThat(SENTINEL.alarm(SIDES, calm, List.of(1.0, 1.0, 4999.0, 5001.0)))
        .hasValue("gradient norm 5001 (must be <= 5000) in network 2 of the generator");
    assertThat(SENTINEL.alarm(SIDES, calm, List.of(1.0, 1.0, 4999.0))).isEmpty();
  }

  @Test
  void withoutLimitsOnlyWhatIsNoNumberIsAnAlarm() {
    double off = Double.POSITIVE_INFINITY;
    Sentinel open = new Sentinel(new Sentinel.Limits(off, off, 1, off, off), SENTINEL.remedy(), 2);
    List<GridStatistics> wild = List.of(CALM, statistics(1e30, 1e30, 1));
    assertThat(open.alarm(SIDES, wild, List.of(1.0, 1e30))).isEmpty();
    assertThat(open.alarm(SIDES, wild, List.of(1.0, Double.NaN)))
        .hasValue("gradient norm NaN (must be <= Infinity) on grid 8");
  }

  @Test
  void remediesAddUpUntilTheTriesAreUsed() {
    Recovery first = SENTINEL.recovery(Recovery.NONE).orElseThrow();
    Recovery second = SENTINEL.recovery(first).orElseThrow();
    assertThat(first).isEqualTo(new Recovery(1, 1, 1, 0));
    assertThat(second).isEqualTo(new Recovery(2, 2, 1, 0));
    assertThat(SENTINEL.recovery(second)).isEmpty();
    assertThat(second).hasToString("alarm 2: noise branch 2, learning rate x 1.000, 0 more steps");
    assertThat(new Sentinel.Remedy.LowerRate(0.5).after(first))
        .isEqualTo(new Recovery(2, 1, 0.5, 0));
    assertThat(new Sentinel.Remedy.MoreSteps(10).after(first)).isEqualTo(new Recovery(2, 1, 1, 10));
  }

  @Test
  void rejectsWhatCannotHelp() {
    assertThatThrownBy(() -> new Sentinel(LIMITS, SENTINEL.remedy(), -1))
        .hasMessage("Invalid sentinel.tries: -1 (must be >= 0)");
    assertThatThrownBy(() -> new Sentinel.Limits(0, 1, 1, 1, 1))
        .hasMessage("Invalid sentinel.energyGap: 0.0 (must be > 0)");
    assertThatThrownBy(() -> new Sentinel.Remedy.LowerRate(1))
        .hasMessage("Invalid sentinel.rateFactor: 1.0 (must be in (0, 1))");
    assertThatThrownBy(() -> new Sentinel.Remedy.MoreSteps(0))
        .hasMessage("Invalid sentinel.extraSteps: 0 (must be >= 1)");
  }

  private static GridStatistics statistics(double gap, double strength, double clipped) {
    return new GridStatistics(
        1,
        100,
        gap,
        0,
        0,
        0,
        strength,
        Math.round(clipped * 100),
        PenaltySums.NONE,
        ChangeSums.NONE);
  }
}
