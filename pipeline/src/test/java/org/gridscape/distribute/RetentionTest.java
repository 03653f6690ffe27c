package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.gridscape.distribute.Retention.Candidate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionTest {

  @Test
  void keepsTheLast() {
    assertThat(new Retention(1, 2, 0, false).kept(steps(10, 20, 30))).containsExactly(20, 30);
    assertThat(new Retention(1, 5, 0, false).kept(steps(10, 20))).containsExactly(10, 20);
    assertThat(new Retention(1, 1, 0, false).kept(List.of())).isEmpty();
  }

  @Test
  void keepsTheLastScheduledOnesAndTheNewest() {
    assertThat(new Retention(50, 2, 0, false).kept(steps(0, 50, 100, 117, 120)))
        .as("how often a run was stopped does not change what it can return to")
        .containsExactly(50, 100, 120);
    assertThat(new Retention(50, 1, 0, false).kept(steps(0, 50, 100, 117, 120)))
        .containsExactly(100, 120);
    assertThat(new Retention(50, 1, 0, false).kept(steps(0, 7, 9))).containsExactly(0, 9);
    assertThat(new Retention(50, 1, 0, false).kept(steps(7, 9))).containsExactly(9);
  }

  @Test
  void keepsEveryMthForEver() {
    assertThat(new Retention(10, 1, 30, false).kept(steps(10, 20, 30, 40, 50, 60, 70, 80)))
        .containsExactly(30, 60, 80);
  }

  @Test
  void keepsTheOneWithTheSmallestMeasure() {
    List<Candidate> candidates =
        List.of(
            new Candidate(10, Double.NaN),
            new Candidate(20, 0.25),
            new Candidate(30, 0.125),
            new Candidate(40, 0.125),
            new Candidate(50, 0.5),
            new Candidate(60, Double.NaN));
    assertThat(new Retention(10, 1, 0, true).kept(candidates))
        .as("of two alike the newer one")
        .containsExactly(40, 60);
    assertThat(new Retention(10, 1, 0, false).kept(candidates)).containsExactly(60);
  }

  @Test
  void withoutAnyMeasureNoneIsBest() {
    assertThat(new Retention(10, 1, 0, true).kept(steps(10, 20))).containsExactly(20);
  }

  @Test
  void theOrderGivenDoesNotMatter() {
    assertThat(new Retention(10, 2, 0, false).kept(steps(30, 10, 20))).containsExactly(20, 30);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 0, checkpoint.every: 0 (must be >= 1)",
    "1, 0, 0, checkpoint.keep: 0 (must be >= 1)",
    "1, 1, -1, checkpoint.keepEvery: -1 (must be >= 0)"
  })
  void rejectsWhatKeepsNothing(int every, int keep, int keepEvery, String message) {
    assertThatThrownBy(() -> new Retention(every, keep, keepEvery, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid " + message);
  }

  private static List<Candidate> steps(int... iterations) {
    return IntStream.of(iterations).mapToObj(i -> new Candidate(i, Double.NaN)).toList();
  }
}
