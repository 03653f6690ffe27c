package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.InitialParameters;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.learning.Recovery;
import org.gridscape.learning.Sentinel;
import org.gridscape.storage.Patience;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A made-up run: an iteration adds one to the first parameter, and alarms come where told. */
class RollbackTest {
  private static final List<GridNetwork> NETWORKS = TinyRun.networks().subList(0, 1);
  private static final RunIdentity IDENTITY = new RunIdentity("e", 1, "d", "c", List.of());
  private static final Retention RETENTION = new Retention(10, 3, 0, false);
  private static final Sentinel SENTINEL =
      new Sentinel(
          new Sentinel.Limits(1, 1, 1, 1, 1), new Sentinel.Remedy.NoiseBranch(), Integer.MAX_VALUE);

  @TempDir private Path folder;
  private CheckpointStore store = store("/unset");

  @BeforeEach
  void openStore() {
    store = store(folder.resolve("run").toString());
  }

  @Test
  void returnsToTheNewestScheduledCheckpointAndNotToThatOfAStop() {
    write(10, 0);
    write(20, 0);
    write(27, 0);
    assertThat(after(29, 0)).isEqualTo(20);
    assertThat(after(27, 0)).isEqualTo(20);
    assertThat(after(19, 0)).as("the alarm of iteration 20").isEqualTo(10);
  }

  @Test
  void returnsFurtherForEachAlarmSinceItWasWritten() {
    write(10, 0);
    write(20, 0);
    write(30, 1);
    assertThat(after(35, 1)).as("answered before it was written").isEqualTo(30);
    assertThat(after(35, 2)).isEqualTo(20);
    assertThat(after(35, 3)).isEqualTo(10);
    assertThat(after(35, 9)).as("the oldest there is").isEqualTo(10);
  }

  @Test
  void startsAnewWithoutScheduledCheckpoints() {
    assertThat(after(5, 0)).isZero();
    write(7, 0);
    assertThat(after(8, 1)).as("7 was a stop").isZero();
    assertThat(after(6, 3)).isZero();
  }

  @Test
  void givesUpAfterTheTries() {
    Sentinel twice = new Sentinel(SENTINEL.limits(), SENTINEL.remedy(), 2);
    Rollback rollback = new Rollback(store, RETENTION, twice, () -> state(0, 0));
    assertThat(rollback.after(state(5, 1)).orElseThrow().recovery().alarms()).isEqualTo(2);
    assertThat(rollback.after(state(5, 2))).isEmpty();
  }

  /** The course of a run under alarms is the same, however often it is stopped or killed. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void interruptionsDoNotChangeTheCourse(long seed) {
    float straight = run(store(folder + "/straight"), seed, Integer.MAX_VALUE);
    Random random = new Random(seed);
    for (int trial = 0; trial < 6; trial++) {
      assertThat(run(store(folder + "/stopped-" + trial), seed, 2 + random.nextInt(12)))
          .as("trial %d", trial)
          .isEqualTo(straight);
    }
  }

  /**
   * Sixty iterations.
   *
   * @param stopEvery iterations done between two interruptions, by turns a stop that saves and a
   *     kill
   * @return the last parameter, which tells courses apart
   */
  private static float run(CheckpointStore store, long seed, int stopEvery) {
    Rollback rollback = new Rollback(store, RETENTION, SENTINEL, () -> state(0, 0));
    ModelState state = state(0, 0);
    int saved = 0;
    int done = 0;
    boolean kill = false;
    while (state.iteration() < 60) {
      if (done == stopEvery) {
        done = 0;
        kill = !kill;
        if (!kill && state.iteration() != saved) {
          store.write(state, IDENTITY, 0, RETENTION);
        }
        state = store.latest().map(Checkpoint::state).orElseGet(() -> state(0, 0));
        saved = state.iteration();
      }
      done++;
      if (alarm(seed, state)) {
        state = rollback.after(state).orElseThrow();
        saved = state.iteration();
        continue;
      }
      state = next(state);
      if (RETENTION.isScheduled(state.iteration())) {
        store.write(state, IDENTITY, 0, RETENTION);
        saved = state.iteration();
      }
    }
    return state.parameters().arrays().get(0)[0];
  }

  /** A function of the state, as real ones are, rarer the more alarms there were. */
  private static boolean alarm(long seed, ModelState state) {
    Recovery recovery = state.recovery();
    long mixed = seed * 31 + state.iteration() * 17L + recovery.noiseBranch() * 7919L;
    return new Random(mixed).nextInt(8 + 4 * recovery.alarms()) == 0;
  }

  /** A step that depends on all that is kept. */
  private static ModelState next(ModelState state) {
    float[] moved = state.parameters().arrays().get(0).clone();
    moved[0] = 0.75f * moved[0] + state.iteration() + 100 * state.recovery().noiseBranch();
    Parameters parameters = new Parameters(List.of(moved));
    return new ModelState(
        state.iteration() + 1,
        parameters,
        parameters,
        Optional.empty(),
        state.optimizer(),
        List.of(),
        state.recovery());
  }

  private int after(int iteration, int alarms) {
    Rollback rollback = new Rollback(store, RETENTION, SENTINEL, () -> state(0, 0));
    return rollback.after(state(iteration, alarms)).orElseThrow().iteration();
  }

  private void write(int iteration, int alarms) {
    store.write(state(iteration, alarms), IDENTITY, 0, RETENTION);
  }

  private static ModelState state(int iteration, int alarms) {
    ModelState initial =
        ModelState.initial(
            NETWORKS, InitialParameters.FAN_IN_UNIFORM, TinyRun.OPTIMIZER, TinyRun.SEED);
    return new ModelState(
        iteration,
        initial.parameters(),
        initial.average(),
        Optional.empty(),
        initial.optimizer(),
        List.of(),
        new Recovery(alarms, alarms, 1, 0));
  }

  private static CheckpointStore store(String folder) {
    return new CheckpointStore(folder, NETWORKS, GeneratorSpec.NONE, Patience.NONE);
  }
}
