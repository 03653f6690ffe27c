package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.Objects;
import org.gridscape.generator.GeneratorStatistics;
import org.gridscape.learning.ChangeSums;
import org.gridscape.learning.GridStatistics;
import org.gridscape.learning.PenaltySums;
import org.junit.jupiter.api.Test;

class TrainingGaugesTest {

  @Test
  void showTheLastIterationOfTheApplication() {
    MetricRegistry registry = new MetricRegistry();
    TrainingGauges.register(registry);
    assertThat(registry.getGauges()).hasSize(4);
    assertThat(value(registry, "iteration")).isEqualTo(0);

    TrainingGauges.update(report(7, 30), TinyRun.networks());
    TrainingGauges.update(report(8, 50), TinyRun.networks());
    TrainingGauges.checkpointWritten();

    assertThat(value(registry, "iteration")).isEqualTo(8);
    assertThat(value(registry, "secondsPerIteration")).isEqualTo(0.5);
    assertThat(value(registry, "imagesPerSecond")).isEqualTo(32.0);
    assertThat(value(registry, "checkpointsWritten")).isEqualTo(1);
    assertThat(value(registry, "energyGap.grid-4")).isEqualTo((50 - 10) / 16.0);
    assertThat(value(registry, "energyGap.grid-8")).isEqualTo((100 - 10) / 16.0);

    MetricRegistry next = new MetricRegistry();
    TrainingGauges.register(next);
    assertThat(next.getGauges()).hasSize(4);
    assertThat(value(next, "iteration")).isEqualTo(0);
  }

  private static Object value(MetricRegistry registry, String name) {
    return Objects.requireNonNull(registry.getGauges().get(name), name).getValue();
  }

  private static IterationReport report(int iteration, double observed) {
    return new IterationReport(
        iteration,
        0.5,
        1e-3,
        new IterationReport.Phases(0, 0, 0, 0, 0),
        List.of(statistics(observed), statistics(2 * observed)),
        GeneratorStatistics.EMPTY,
        List.of(1.0, 1.0),
        1,
        0.4);
  }

  private static GridStatistics statistics(double observed) {
    return new GridStatistics(
        16, 16 * 64, observed, 0, 10, 0, 0, 0, PenaltySums.NONE, ChangeSums.NONE);
  }
}
