package org.gridscape.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MindTest {
  static JsonNode mind() {
    return Golden.of("mind");
  }

  /** Sets of unequal size are compared there by repeating every row. */
  @ParameterizedTest
  @MethodSource("mind")
  void agreesWithADirectComputation(JsonNode golden) {
    int d = golden.get("d").intValue();
    double value =
        Mind.between(
            DrawnFeatures.rows(51, golden.get("n1").intValue(), d, 1, 0),
            DrawnFeatures.rows(
                52, golden.get("n2").intValue(), d, 1.1, golden.get("shift").doubleValue()),
            golden.get("projections").intValue(),
            Mind.SEED);
    assertThat(value).isCloseTo(golden.get("value").doubleValue(), withinPercentage(1e-8));
  }

  /**
   * A shift by mu in every feature: mu^2 d times the mean squared cosine to it, 1 / d on average.
   */
  @Test
  void agreesWithTheClosedFormOfAShift() {
    int d = 32;
    FeatureRows set = DrawnFeatures.grid(1, 40, d, 8);
    float[] shifted = set.values().clone();
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] += 0.5f;
    }
    double value = Mind.between(new FeatureRows(d, shifted), set, 20_000, Mind.SEED);
    assertThat(value).isCloseTo(3 * d * 0.25, withinPercentage(3));
    double[] along = Mind.directions(d, 20_000, Mind.SEED);
    double squares = 0;
    for (int k = 0; k < 20_000; k++) {
      double sum = Arrays.stream(along, k * d, (k + 1) * d).sum();
      squares += sum * sum / 20_000;
    }
    assertThat(value).isCloseTo(3 * d * 0.25 * squares, withinPercentage(1e-9));
  }

  @Test
  void isZeroBetweenEqualSetsInAnyOrder() {
    FeatureRows set = DrawnFeatures.rows(3, 9, 5, 1, 0);
    FeatureRows twice = FeatureRows.concat(5, List.of(set, set));
    assertThat(Mind.between(set, set.select(new int[] {8, 3, 4, 0, 1, 2, 7, 6, 5}), 10, 1))
        .isZero();
    assertThat(Mind.between(set, twice, 10, 1)).isZero();
  }

  /** Quantiles of {0, 3} and {0, 1, 2}: differences 0, 1, 2, 1 over thirds, sixths and thirds. */
  @Test
  void unequalSizesAreComparedByTheirQuantiles() {
    double distance = Mind.squaredDistance(new double[] {3, 0}, new double[] {2, 0, 1});
    assertThat(distance).isEqualTo((0 * 2 + 1 * 1 + 4 * 1 + 1 * 2) / 6.0);
  }

  @Test
  void directionsAreUnitVectorsThatDependOnTheSeed() {
    double[] directions = Mind.directions(7, 3, 5);
    for (int k = 0; k < 3; k++) {
      double squares = 0;
      for (int i = 7 * k; i < 7 * k + 7; i++) {
        squares += directions[i] * directions[i];
      }
      assertThat(squares).isCloseTo(1, withinPercentage(1e-13));
    }
    assertThat(Mind.directions(7, 3, 5)).containsExactly(directions);
    assertThat(Mind.directions(7, 3, 6)).isNotEqualTo(directions);
  }

  @Test
  void rejectsWhatDoesNotFit() {
    assertThatThrownBy(() -> Mind.directions(3, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid projections: 0 (must be >= 1)");
    assertThatThrownBy(() -> Mind.of(3, new double[0]))
        .hasMessage("Invalid projections: 0 (must be >= 1)");
    assertThatThrownBy(() -> Mind.squaredDistance(new double[0], new double[1]))
        .hasMessage("Invalid sets: 0 and 1 values (must be >= 1)");
    FeatureRows rows = new FeatureRows(2, new float[2]);
    assertThatThrownBy(() -> Mind.project(rows, new double[3]))
        .hasMessage("Invalid directions: 3 values (must be whole vectors of 2)");
    assertThatThrownBy(() -> Mind.between(rows, new FeatureRows(1, new float[1]), 1, 1))
        .hasMessage("Invalid dimensions: 2 and 1 features (must be equal)");
  }
}
