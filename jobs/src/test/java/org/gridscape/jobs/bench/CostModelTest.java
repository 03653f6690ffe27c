package org.gridscape.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gridscape.jobs.bench.CostModel.Sample;
import org.junit.jupiter.api.Test;

class CostModelTest {
  private static final double EXACT = 1e-9;

  private static final CostModel TRUTH =
      new CostModel(
          0.03, 0.002, 0.005, 0.04, 0.0011, 0.0023, 0.0031, 0.0043, 0.0029, 0.0017, 0.0007);

  @Test
  void constantsOfMadeUpMeasurementsAreFound() {
    CostModel found = CostModel.fit(madeUp(TRUTH));
    assertThat(found.job()).isCloseTo(TRUTH.job(), within(EXACT));
    assertThat(found.task()).isCloseTo(TRUTH.task(), within(EXACT));
    assertThat(found.turn()).isCloseTo(TRUTH.turn(), within(EXACT));
    assertThat(found.stage()).isCloseTo(TRUTH.stage(), within(EXACT));
    assertThat(found.broadcast()).isCloseTo(TRUTH.broadcast(), within(EXACT));
    assertThat(found.fetch()).isCloseTo(TRUTH.fetch(), within(EXACT));
    assertThat(found.give()).isCloseTo(TRUTH.give(), within(EXACT));
    assertThat(found.shuffle()).isCloseTo(TRUTH.shuffle(), within(EXACT));
    assertThat(found.collect()).isCloseTo(TRUTH.collect(), within(EXACT));
    assertThat(found.sum()).isCloseTo(TRUTH.sum(), within(EXACT));
    assertThat(found.update()).isCloseTo(TRUTH.update(), within(EXACT));
  }

  @Test
  void predictionIsWhatWasMeasuredWhereItWasMeasured() {
    List<Sample> samples = madeUp(TRUTH);
    CostModel found = CostModel.fit(samples);
    for (Sample sample : samples) {
      double measured = sample.broadcast() + sample.sum() + sample.update() + sample.rest();
      assertThat(found.overhead(sample.load())).isCloseTo(measured, within(EXACT));
    }
  }

  @Test
  void constantsThatWouldBeNegativeAreZero() {
    // Less time the more is fetched: no cost a megabyte, and the mean as that of an iteration.
    List<Sample> falling =
        IntStream.of(1, 2, 3)
            .mapToObj(
                down ->
                    new Sample(new Load(1, 1, down, 0, 0, 250), 0, 0, 0, 0.2 - 0.001 * (down - 2)))
            .toList();
    CostModel found = CostModel.fit(falling);
    assertThat(found.fetch()).isZero();
    assertThat(found.overhead(new Load(1, 1, 2, 0, 0, 250))).isCloseTo(0.2, within(1e-4));
    assertThatThrownBy(() -> CostModel.fit(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid samples: none (must be at least one)");
  }

  @Test
  void moreShardsOrMegabytesNeverTakeLess() {
    for (int fanIn : List.of(0, 16)) {
      double last = 0;
      for (int size = 1; size <= 1000; size *= 2) {
        double seconds = TRUTH.overhead(new Load(size, size, 4, 4, fanIn, 250));
        assertThat(seconds).isGreaterThanOrEqualTo(last);
        last = seconds;
      }
      assertThat(TRUTH.overhead(new Load(2, 4, 25, 25, fanIn, 250)))
          .isGreaterThan(TRUTH.overhead(new Load(2, 4, 4, 4, fanIn, 250)));
    }
  }

  @Test
  void groupsSpareTheDriver() {
    // 100 shards of 10 MB in 7 groups of at most 16, whose sums are doubles.
    assertThat(new Load(100, 100, 10, 10, 0, 250).arriving()).isEqualTo(1000);
    assertThat(new Load(100, 100, 10, 10, 16, 250).arriving()).isEqualTo(140);
    assertThat(TRUTH.driver(new Load(100, 100, 10, 10, 16, 250)))
        .isLessThan(TRUTH.driver(new Load(100, 100, 10, 10, 0, 250)));
    // 63 groups are 1260 MB: 4 groups of those, 80 MB.
    Load thousand = new Load(1000, 1000, 10, 10, 16, 250);
    assertThat(thousand.levels()).isEqualTo(2);
    assertThat(thousand.arriving()).isEqualTo(80);
    assertThat(thousand.shuffled()).isCloseTo((10_000 + 1260) / 1000.0, within(EXACT));
    assertThat(thousand.gathered()).isEqualTo(16 * 10 + 16 * 20);
  }

  @Test
  void networkCarriesABroadcastInDoublingsAndAllThatArrivesOverOneLink() {
    // Three executors have it after two copies of 10 MB; 30 MB come back.
    assertThat(CostModel.network(new Load(3, 3, 10, 10, 0, 250), 100))
        .isCloseTo(0.5, within(EXACT));
    // A group of 2 takes in 20 MB; two sums of 20 MB reach the driver.
    assertThat(CostModel.network(new Load(3, 4, 10, 10, 2, 250), 100))
        .isCloseTo(0.8, within(EXACT));
  }

  @Test
  void forecastFindsWhereTheDriverIsTheBottleneck() {
    // A task takes the driver 1 ms and an executor 0.1 s: 101 of them are too many.
    CostModel tasks = new CostModel(0, 0.001, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    Forecast forecast = new Forecast(tasks, 0.1, 0, 0, 250, 100);
    assertThat(forecast.driverBound()).isEqualTo(101);
    assertThat(forecast.seconds(100)).isCloseTo(0.2, within(EXACT));
    assertThat(forecast.efficiency(1)).isEqualTo(1);
    assertThat(forecast.efficiency(100)).isCloseTo(0.101 / 0.2, within(EXACT));
    assertThat(forecast.efficiency(forecast.executorsWith(0.85))).isGreaterThanOrEqualTo(0.85);
    assertThat(forecast.efficiency(forecast.executorsWith(0.85) + 1)).isLessThan(0.85);
  }

  @Test
  void nobodyIsNoLoad() {
    assertThatThrownBy(() -> new Load(0, 4, 1, 1, 0, 250))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid load: 0 executors, 4 shards (must be >= 1)");
  }

  /** Loads that tell all constants apart, with the seconds that the model gives them. */
  private static List<Sample> madeUp(CostModel model) {
    List<Sample> samples = new ArrayList<>();
    for (int executors : List.of(1, 2)) {
      for (Load load :
          List.of(
              new Load(executors, 4, 1, 1, 0, 250),
              new Load(executors, 4, 10, 10, 0, 250),
              new Load(executors, 8, 4, 4, 0, 250),
              new Load(executors, 4, 3, 12, 0, 250),
              new Load(executors, 64, 0.1, 0.1, 0, 250),
              new Load(executors, 4, 25, 25, 2, 250),
              new Load(executors, 6, 4, 4, 2, 250))) {
        double broadcast = model.broadcast() * load.down();
        double sum = model.sum() * load.arriving();
        double update = model.update() * load.up();
        double rest = model.overhead(load) - broadcast - sum - update;
        samples.add(new Sample(load, broadcast, sum, update, rest));
      }
    }
    return samples;
  }
}
