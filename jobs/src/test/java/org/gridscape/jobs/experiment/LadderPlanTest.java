package org.gridscape.jobs.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.gridscape.config.ConfigException;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a ladder may compare, and its runs. */
class LadderPlanTest {
  private static final List<Long> SEEDS = List.of(1L, 2L);
  private static final List<Double> RATES = List.of(1.0, 4.0);
  private static final List<Integer> STEPS = List.of(0, 5);

  @Test
  void runsDifferFromTheirRungInWhatTheyAreNamedBy() {
    Rung rung = rung("a", "training.learningRate.rate=2e-4");
    LadderPlan plan = plan(rung);
    RunConfig main = plan.main(rung, 7);
    assertThat(ConfigLayers.differingKeys(text(rung.config()), main.resolved()))
        .containsExactly("training.seed");
    assertThat(main.learning().seed()).isEqualTo(7);
    RunConfig fast = plan.atRate(rung, 7, 4);
    assertThat(ConfigLayers.differingKeys(text(main), fast.resolved()))
        .containsExactly("sentinel.tries", "training.learningRate.rate");
    assertThat(fast.resolved().getDouble("training.learningRate.rate")).isEqualTo(8e-4);
    assertThat(fast.sentinel().tries()).isZero();
    RunConfig sampled = plan.sampledBy(main, 5);
    assertThat(ConfigLayers.differingKeys(text(main), sampled.resolved()))
        .containsExactly("sampling.steps");
    assertThat(LadderPlan.runId("ladder", rung, 7)).isEqualTo("ladder-a-7");
    assertThat(LadderPlan.runId("ladder", rung, 7, 4.0)).isEqualTo("ladder-a-7-x4");
    assertThat(LadderPlan.runId("ladder", rung, 7, 0.25)).isEqualTo("ladder-a-7-x0.25");
    assertThat(plan.otherRates()).containsExactly(4.0);
  }

  @Test
  void stepsAreThoseOfTheSchedule() {
    Rung constant = rung("a", "training.iterations=11");
    assertThat(constant.steps()).isEqualTo(11 * 20);
    assertThat(constant.stepsAnImage()).isEqualTo(4 * 20);
    Rung falling =
        rung(
            "b",
            "training.iterations=11",
            "langevin.steps=30",
            "langevin.schedule.last=10",
            "langevin.schedule.hold=0");
    assertThat(falling.steps()).isEqualTo(11 * 20);
  }

  @Test
  void theDescriptionNamesEveryRun() {
    assertThat(plan(rung("a"), rung("b", "training.penalty.gamma=0.1")).describe("ladder"))
        .isEqualTo(
            """
            rung a: 300 iterations of batch 64 on grids [4, 8, 16, 32], 80.0 langevin steps an image
            rung b: 300 iterations of batch 64 on grids [4, 8, 16, 32], 80.0 langevin steps an image
            train and measure ladder-a-1
            train and measure ladder-b-1
            train and measure ladder-a-2
            train and measure ladder-b-2
            train ladder-a-1-x4 for 60 iterations
            train ladder-b-1-x4 for 60 iterations
            train ladder-a-2-x4 for 60 iterations
            train ladder-b-2-x4 for 60 iterations
            sample ladder-a-1 in 0, 5 steps
            sample ladder-b-1 in 0, 5 steps
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "pyramid.sides=[1,8,32]; Invalid rungs: not equal compute: pyramid.sides of b is [1, 8, 32], of a [1, 4, 8, 16, 32] (must be the same)",
        "training.batch=128; Invalid rungs: not equal compute: training.batch of b is 128, of a 64 (must be the same)",
        "langevin.steps=22; Invalid rungs: not equal compute: langevin steps of a run of b are 6600, of a 6000 (must differ by at most 5 %)",
        "training.iterations=200; Invalid rungs: not equal compute: langevin steps of a run of b are 4000, of a 6000 (must differ by at most 5 %)",
        "sampling.count=10; Invalid rungs: sampling.count of b is 10, of a 2000 (must be the same)",
      })
  void rungsThatDoNotComputeEquallyMuchAreRefused(String setting, String message) {
    assertThatThrownBy(() -> plan(rung("a"), rung("b", setting)))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  @Test
  void otherImagesAreRefused() {
    assertThatThrownBy(() -> plan(rung("a"), rung("b", "data.seed=2")))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("Invalid rungs: data of b is DataSettings[")
        .hasMessageEndingWith("(must be the same)");
  }

  @Test
  void plansThatCompareNothingAreRefused() {
    Rung rung = rung("a");
    assertRefused(
        () -> new LadderPlan(List.of(), SEEDS, RATES, 60, STEPS),
        "Invalid rungs: none (must be at least one)");
    assertRefused(() -> plan(rung, rung), "Invalid --rung: [a, a] (must differ)");
    assertRefused(
        () -> new LadderPlan(List.of(rung), List.of(), RATES, 60, STEPS),
        "Invalid --seeds: none (must be at least one)");
    assertRefused(
        () -> new LadderPlan(List.of(rung), SEEDS, List.of(4.0, 0.0), 60, STEPS),
        "Invalid --rates: 0.0 (must be > 0 and finite)");
    assertRefused(
        () -> new LadderPlan(List.of(rung), SEEDS, List.of(Double.NaN), 60, STEPS),
        "Invalid --rates: NaN (must be > 0 and finite)");
    assertRefused(
        () -> new LadderPlan(List.of(rung), SEEDS, RATES, 301, STEPS),
        "Invalid --divergence-iterations: 301 (must be 1 to 300, the iterations of a)");
    assertRefused(
        () -> new LadderPlan(List.of(rung), SEEDS, RATES, 60, List.of(-1)),
        "Invalid --sampling-steps: -1 (must be 0 to 65535)");
    assertRefused(
        () -> rung("../a"),
        "Invalid rung: \"../a\" (must be letters, digits, dots, dashes and underscores)");
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(ConfigException.class).hasMessage(message);
  }

  private static LadderPlan plan(Rung... rungs) {
    return new LadderPlan(List.of(rungs), SEEDS, RATES, 60, STEPS);
  }

  private static Rung rung(String name, String... settings) {
    return new Rung(
        name, RunConfig.of(ConfigLayers.load(Optional.empty(), List.of(settings))).located());
  }

  private static String text(RunConfig config) {
    return ConfigLayers.render(config.resolved());
  }
}
