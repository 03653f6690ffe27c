package org.gridscape.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private final List<String> turns = new ArrayList<>();

  /** Takes a fixed time a step on a clock of its own; may break down at a turn of many steps. */
  private final class Fixed implements Contender {
    private final String name;
    private final double each;
    private final int breaksAt;
    private int calls;

    Fixed(String name, double each, int breaksAt) {
      this.name = name;
      this.each = each;
      this.breaksAt = breaksAt;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public double seconds(int steps) {
      calls++;
      if (calls == breaksAt) {
        throw new ContenderException("Cannot go on");
      }
      turns.add(name + " " + steps);
      return each * steps;
    }

    @Override
    public void close() {}
  }

  @Test
  void contendersAlternateForAsLongEach() {
    Rounds.Outcome outcome =
        new Rounds(3, 0.5, 1000)
            .race(List.of(new Fixed("fast", 0.0078125, 0), new Fixed("slow", 0.125, 0)));
    assertThat(turns.subList(turns.size() - 6, turns.size()))
        .containsExactly("fast 64", "slow 4", "slow 4", "fast 64", "fast 64", "slow 4");
    assertThat(outcome.secondsPerStep().get("fast")).containsOnly(0.0078125).hasSize(3);
    assertThat(outcome.secondsPerStep().get("slow")).containsOnly(0.125).hasSize(3);
    assertThat(outcome.failures()).isEmpty();
  }

  @Test
  void turnsAreNeverEmptyAndNeverTooLong() {
    new Rounds(1, 0.5, 8).race(List.of(new Fixed("fast", 1e-6, 0), new Fixed("slow", 60, 0)));
    assertThat(turns).endsWith("fast 8", "slow 1");
  }

  @Test
  void whoBreaksDownIsLeftOutWithTheReason() {
    Rounds.Outcome outcome =
        new Rounds(4, 0.5, 1)
            .race(
                List.of(
                    new Fixed("good", 1, 0), new Fixed("late", 1, 4), new Fixed("never", 1, 1)));
    assertThat(outcome.secondsPerStep()).containsOnlyKeys("good");
    assertThat(outcome.secondsPerStep().get("good")).hasSize(4);
    assertThat(outcome.failures())
        .containsOnlyKeys("late", "never")
        .containsEntry("late", "Cannot go on");
  }

  @Test
  void rejectsRoundsThatMeasureNothing() {
    assertThatThrownBy(() -> new Rounds(0, 1, 1)).hasMessage("Invalid rounds: 0 (must be >= 1)");
    assertThatThrownBy(() -> new Rounds(1, 1, 0))
        .hasMessage("Invalid steps of a turn: 0 (must be >= 1)");
  }
}
