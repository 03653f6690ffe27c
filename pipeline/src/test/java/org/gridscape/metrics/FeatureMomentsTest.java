package org.gridscape.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.junit.jupiter.api.Test;

class FeatureMomentsTest {
  @Test
  void agreesWithTheSampleCovariance() {
    double[][] rows = rows(50, 4, 3);
    double[][] expected = new Covariance(rows).getCovarianceMatrix().getData();
    double[][] covariance = FeatureMoments.of(rows).covariance();
    for (int i = 0; i < expected.length; i++) {
      assertThat(covariance[i]).containsExactly(expected[i], within(1e-12));
    }
  }

  @Test
  void dividesByOneLessThanTheCount() {
    FeatureMoments moments = FeatureMoments.of(new double[][] {{1, 10}, {3, 30}});
    assertThat(moments.mean()).containsExactly(2, 20);
    assertThat(moments.m2()).containsExactly(2, 20, 200);
    assertThat(moments.covariance()).isDeepEqualTo(new double[][] {{2, 20}, {20, 200}});
  }

  @Test
  void mergingPiecesAgreesWithTheWhole() {
    double[][] rows = rows(100, 5, 7);
    FeatureMoments whole = FeatureMoments.of(rows);
    FeatureMoments pieces =
        FeatureMoments.empty(5)
            .add(Arrays.copyOfRange(rows, 0, 1))
            .add(Arrays.copyOfRange(rows, 1, 30))
            .merge(FeatureMoments.of(Arrays.copyOfRange(rows, 30, 100)));
    assertThat(pieces.n()).isEqualTo(100);
    assertThat(pieces.mean()).containsExactly(whole.mean(), within(1e-13));
    assertThat(pieces.m2()).containsExactly(whole.m2(), within(1e-11));
  }

  @Test
  void survivesALargeOffset() {
    double[][] rows = rows(1000, 3, 11);
    double[][] shifted =
        Arrays.stream(rows)
            .map(row -> Arrays.stream(row).map(x -> x + 1e6).toArray())
            .toArray(double[][]::new);
    FeatureMoments near =
        FeatureMoments.of(Arrays.copyOf(rows, 400)).add(Arrays.copyOfRange(rows, 400, rows.length));
    FeatureMoments far =
        FeatureMoments.of(Arrays.copyOf(shifted, 400))
            .add(Arrays.copyOfRange(shifted, 400, rows.length));
    assertThat(far.m2()).containsExactly(near.m2(), within(1e-5));
  }

  @Test
  void mergingWithNothingChangesNoBit() {
    FeatureMoments moments = FeatureMoments.of(rows(10, 3, 1));
    assertThat(moments.merge(FeatureMoments.empty(3))).isEqualTo(moments);
    assertThat(FeatureMoments.empty(3).merge(moments)).isEqualTo(moments);
    assertThat(moments.add(new double[0][])).isEqualTo(moments);
  }

  @Test
  void leavesItsPartsUnchanged() {
    FeatureMoments first = FeatureMoments.of(rows(10, 3, 1));
    FeatureMoments second = FeatureMoments.of(rows(20, 3, 2));
    FeatureMoments merged = first.merge(second);
    assertThat(first).isEqualTo(FeatureMoments.of(rows(10, 3, 1)));
    assertThat(second).isEqualTo(FeatureMoments.of(rows(20, 3, 2)));
    assertThat(merged).isNotEqualTo(first);
  }

  @Test
  void survivesSerialization() throws Exception {
    FeatureMoments moments = FeatureMoments.of(rows(10, 3, 1));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(moments);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(moments);
    }
  }

  @Test
  void rejectsOtherDimensionsInAMerge() {
    assertThatThrownBy(() -> FeatureMoments.empty(3).merge(FeatureMoments.empty(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid dimensions: 3 and 4 features (must be equal)");
    assertThatThrownBy(() -> FeatureMoments.empty(2).add(new double[][] {{1, 2, 3}}))
        .hasMessage("Invalid dimensions: 2 and 3 features (must be equal)");
  }

  @Test
  void rejectsRowsThatAreRaggedOrNotFinite() {
    assertThatThrownBy(() -> FeatureMoments.of(new double[][] {{1, 2}, {1}}))
        .hasMessage("Invalid feature row: 1 values in row 1 (must be 2)");
    assertThatThrownBy(() -> FeatureMoments.of(new double[][] {{1, 2}, {1, Double.NaN}}))
        .hasMessage("Invalid feature: NaN at row 1, feature 1 (must be finite)");
    assertThatThrownBy(() -> FeatureMoments.of(new double[0][]))
        .hasMessage("Invalid row count: 0 (must be >= 1)");
  }

  @Test
  void rejectsContradictingComponents() {
    assertThatThrownBy(() -> new FeatureMoments(1, new double[3], new double[5]))
        .hasMessage("Invalid moments: 3 means, 5 products (must be d >= 1 and d (d + 1) / 2)");
    assertThatThrownBy(() -> new FeatureMoments(-1, new double[1], new double[1]))
        .hasMessage("Invalid row count: -1 (must be >= 0)");
  }

  @Test
  void rejectsTheCovarianceOfOneRow() {
    assertThatThrownBy(() -> FeatureMoments.of(new double[][] {{1, 2}}).covariance())
        .hasMessage("Invalid row count: 1 (must be >= 2 for a covariance)");
  }

  private static double[][] rows(int n, int d, long seed) {
    Random random = new Random(seed);
    double[][] rows = new double[n][d];
    for (double[] row : rows) {
      Arrays.setAll(row, i -> i + random.nextGaussian());
    }
    return rows;
  }
}
