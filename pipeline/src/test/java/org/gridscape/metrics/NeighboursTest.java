package org.gridscape.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.gridscape.numpy.RandomState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NeighboursTest {
  private static final int STORED = NeighbourScores.COVERAGE_NEIGHBOURS;

  static JsonNode neighbours() {
    return Golden.of("neighbours");
  }

  static JsonNode grids() {
    return Golden.of("grids");
  }

  @ParameterizedTest
  @MethodSource("neighbours")
  void agreesExactlyWithTorchFidelityAndPrdc(JsonNode golden) {
    int d = golden.get("d").intValue();
    FeatureRows generated =
        DrawnFeatures.rows(
            41,
            golden.get("n1").intValue(),
            d,
            golden.get("scale").doubleValue(),
            golden.get("shift").doubleValue());
    FeatureRows reference = DrawnFeatures.rows(42, golden.get("n2").intValue(), d, 1, 0);
    assertAgrees(NeighbourScores.between(generated, reference), golden);
  }

  /** Whole numbers, whose distances every tool computes exactly: equal rows, ties on boundaries. */
  @ParameterizedTest
  @MethodSource("grids")
  void agreesExactlyWhereDistancesTie(JsonNode golden) {
    assertAgrees(NeighbourScores.between(generatedGrid(golden), referenceGrid(golden)), golden);
  }

  @ParameterizedTest
  @MethodSource("grids")
  void blocksMergeInAnyOrder(JsonNode golden) {
    FeatureRows generated = generatedGrid(golden);
    FeatureRows reference = referenceGrid(golden);
    double[] own = Neighbours.radii(nearest(generated), STORED, 3);
    double[] closed = Neighbours.radii(nearest(reference), STORED, 3);
    double[] open = Neighbours.radii(nearest(reference), STORED, 5);
    int n = generated.rows();
    NeighbourCounts last = Neighbours.count(generated, n - 40, n, reference, own, closed, open);
    NeighbourCounts first = Neighbours.count(generated, 0, n - 40, reference, own, closed, open);
    NeighbourCounts whole = Neighbours.count(generated, 0, n, reference, own, closed, open);
    assertThat(last.merge(first)).isEqualTo(whole);
    assertThat(first.merge(last)).isEqualTo(whole);
    assertThat(NeighbourScores.of(whole)).isEqualTo(NeighbourScores.between(generated, reference));
  }

  /** Moved by 4096 and shrunk by 2048, which float32 holds exactly but inner products do not. */
  @ParameterizedTest
  @MethodSource("grids")
  void farFromTheOriginTiesAreStillTies(JsonNode golden) {
    assertAgrees(
        NeighbourScores.between(far(generatedGrid(golden)), far(referenceGrid(golden))), golden);
  }

  /** Sizes beyond one tile, an offset that ruins inner products, and rows that are equal. */
  @Test
  void distancesAreThoseOfDirectSums() {
    int n = 1100;
    FeatureRows set = DrawnFeatures.rows(1, n, 3, 1e-3, 4096);
    double[] nearest = Neighbours.nearest(set, 900, n, 4);
    for (int row = 900; row < n; row += 7) {
      double[] all = new double[n];
      for (int other = 0; other < n; other++) {
        double sum = 0;
        for (int j = 0; j < 3; j++) {
          double difference = (double) set.values()[3 * row + j] - set.values()[3 * other + j];
          sum += difference * difference;
        }
        all[other] = other == row ? Double.POSITIVE_INFINITY : sum;
      }
      Arrays.sort(all);
      assertThat(Arrays.copyOfRange(nearest, 4 * (row - 900), 4 * (row - 899)))
          .containsExactly(Arrays.copyOf(all, 4));
    }
    assertThat(Arrays.stream(nearest).distinct().count()).isGreaterThan(3);
  }

  @Test
  void equalRowsAreNeighboursAtNoDistance() {
    FeatureRows set = new FeatureRows(1, new float[] {0.1f, 0.1f, 0.1f, 7});
    assertThat(Neighbours.nearest(set, 0, 1, 3)[0]).isZero();
    assertThat(Neighbours.nearest(set, 0, 1, 3)[1]).isZero();
    assertThat(Neighbours.nearest(set, 0, 1, 3)[2]).isEqualTo(Math.pow(7 - (double) 0.1f, 2));
  }

  /** Torch-fidelity's test of which is which: few modes are precise but recall little. */
  @Test
  void collapsedModesArePreciseButRecallLittle() {
    RandomState random = new RandomState(42);
    FeatureRows reference = DrawnFeatures.normal(random, 200, 16, 3);
    FeatureRows generated = DrawnFeatures.normal(random, 200, 16, 0.1);
    NeighbourScores scores = NeighbourScores.between(generated, reference);
    assertThat(scores.precision()).isGreaterThan(0.8);
    assertThat(scores.recall()).isLessThan(0.3);
    NeighbourScores swapped = NeighbourScores.between(reference, generated);
    assertThat(swapped.precision()).isEqualTo(scores.recall());
    assertThat(swapped.recall()).isEqualTo(scores.precision());
  }

  @Test
  void aSetCoversItself() {
    FeatureRows set = DrawnFeatures.rows(5, 50, 4, 1, 0);
    NeighbourScores scores = NeighbourScores.between(set, set);
    assertThat(scores.precision()).isEqualTo(1);
    assertThat(scores.recall()).isEqualTo(1);
    assertThat(scores.coverage()).isEqualTo(1);
    assertThat(scores.density()).isEqualTo(1);
    assertThat(scores.fScore()).isEqualTo(1);
  }

  @Test
  void rejectsWhatDoesNotFit() {
    FeatureRows five = new FeatureRows(1, new float[5]);
    assertThatThrownBy(() -> Neighbours.nearest(five, 0, 5, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid neighbours: 5 (must be 1 to the number of rows, 5, less 1)");
    assertThatThrownBy(() -> Neighbours.nearest(five, 3, 6, 2))
        .hasMessage("Invalid rows: 3 to 6 (must be in order and within 0 to 5)");
    assertThatThrownBy(() -> Neighbours.radii(new double[10], 5, 6))
        .hasMessage("Invalid neighbours: 6 (must be 1 to 5)");
    double[] radii = new double[5];
    assertThatThrownBy(() -> Neighbours.count(five, 0, 5, five, radii, radii, new double[4]))
        .hasMessage("Invalid radii: 4 (must be one for each of 5 rows)");
    FeatureRows other = new FeatureRows(2, new float[10]);
    assertThatThrownBy(() -> Neighbours.count(five, 0, 5, other, radii, radii, radii))
        .hasMessage("Invalid dimensions: 1 and 2 features (must be equal)");
    NeighbourCounts none = Neighbours.count(five, 0, 0, five, radii, radii, radii);
    assertThatThrownBy(() -> NeighbourScores.of(none))
        .hasMessage("Invalid counts: of 0 generated and 5 reference rows (must be >= 1)");
    NeighbourCounts fewer =
        Neighbours.count(five, 0, 5, five.slice(0, 3), radii, new double[3], new double[3]);
    assertThatThrownBy(() -> none.merge(fewer))
        .hasMessage("Invalid counts: of 5 and 3 reference rows (must be equal)");
  }

  private static FeatureRows far(FeatureRows rows) {
    float[] moved = rows.values().clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] = 4096 + moved[i] / 2048;
    }
    return new FeatureRows(rows.dimension(), moved);
  }

  private static double[] nearest(FeatureRows rows) {
    return Neighbours.nearest(rows, 0, rows.rows(), STORED);
  }

  private static FeatureRows generatedGrid(JsonNode golden) {
    return DrawnFeatures.grid(
        43,
        golden.get("n1").intValue(),
        golden.get("d").intValue(),
        golden.get("values1").intValue());
  }

  private static FeatureRows referenceGrid(JsonNode golden) {
    return DrawnFeatures.grid(
        44,
        golden.get("n2").intValue(),
        golden.get("d").intValue(),
        golden.get("values2").intValue());
  }

  /** Torch-fidelity takes its means in float32, prdc in double. */
  private static void assertAgrees(NeighbourScores scores, JsonNode golden) {
    assertThat((float) scores.precision()).isEqualTo(golden.get("precision").floatValue());
    assertThat((float) scores.recall()).isEqualTo(golden.get("recall").floatValue());
    assertThat(scores.fScore()).isCloseTo(golden.get("fScore").doubleValue(), within(1e-6));
    assertThat(scores.density()).isCloseTo(golden.get("density").doubleValue(), within(1e-15));
    assertThat(scores.coverage()).isCloseTo(golden.get("coverage").doubleValue(), within(1e-15));
  }
}
