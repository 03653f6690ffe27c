package org.gridscape.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrechetDistanceTest {
  @Test
  void agreesWithTheClosedFormOfDiagonalGaussians() {
    FeatureMoments first = gaussian(new double[] {0, 1, 2}, diagonal(1, 4, 9));
    FeatureMoments second = gaussian(new double[] {3, 1, 1}, diagonal(4, 4, 25));
    FrechetDistance distance = FrechetDistance.between(first, second);
    assertThat(distance.meanTerm()).isEqualTo(9 + 0 + 1);
    assertThat(distance.covarianceTerm()).isCloseTo(1 + 0 + 4, within(1e-12));
    assertThat(distance.value()).isCloseTo(15, within(1e-12));
  }

  /** [[3, 1], [1, 3]] and [[5, 3], [3, 5]] share eigenvectors: eigenvalues 4, 2 and 8, 2. */
  @Test
  void agreesWithADirectEvaluationForCommutingCovariances() {
    FeatureMoments first = gaussian(new double[2], new double[][] {{3, 1}, {1, 3}});
    FeatureMoments second = gaussian(new double[2], new double[][] {{5, 3}, {3, 5}});
    double expected = Math.pow(Math.sqrt(8) - Math.sqrt(4), 2);
    assertThat(FrechetDistance.between(first, second).value()).isCloseTo(expected, within(1e-12));
  }

  /** In two dimensions tr (S1 S2)^(1/2) = (tr S1 S2 + 2 (det S1 det S2)^(1/2))^(1/2). */
  @Test
  void agreesWithTheClosedFormOfCovariancesThatDoNotCommute() {
    FeatureMoments first = gaussian(new double[2], new double[][] {{2, 1}, {1, 3}});
    FeatureMoments second = gaussian(new double[2], new double[][] {{5, -2}, {-2, 1}});
    double expected = 5 + 6 - 2 * Math.sqrt(9 + 2 * Math.sqrt(5 * 1));
    assertThat(FrechetDistance.between(first, second).value()).isCloseTo(expected, within(1e-12));
  }

  @Test
  void isZeroBetweenEqualSets() {
    FeatureMoments moments = FeatureMoments.of(rows(500, 64, 1, 1));
    FrechetDistance distance = FrechetDistance.between(moments, moments);
    assertThat(distance.meanTerm()).isZero();
    assertThat(distance.covarianceTerm()).isCloseTo(0, within(1e-11));
  }

  @Test
  void isSymmetric() {
    FeatureMoments first = FeatureMoments.of(rows(300, 32, 1, 1));
    FeatureMoments second = FeatureMoments.of(rows(200, 32, 2, 3));
    double there = FrechetDistance.between(first, second).value();
    assertThat(there).isGreaterThan(1);
    assertThat(FrechetDistance.between(second, first).value()).isCloseTo(there, within(1e-10));
  }

  @Test
  void staysAccurateWhereCovariancesAreRankDeficient() {
    FeatureMoments few = FeatureMoments.of(rows(20, 64, 5, 1));
    FrechetDistance self = FrechetDistance.between(few, few);
    assertThat(self.value()).isCloseTo(0, within(1e-5));
  }

  @Test
  void addsTracesWhereCovariancesAreOrthogonal() {
    FeatureMoments first = gaussian(new double[3], diagonal(2, 0, 0));
    FeatureMoments second = gaussian(new double[3], diagonal(0, 5, 0));
    assertThat(FrechetDistance.between(first, second).value()).isCloseTo(7, within(1e-12));
  }

  @Test
  void acceptsConstantFeatures() {
    FeatureMoments first = FeatureMoments.of(new double[][] {{1, 2}, {1, 2}});
    FeatureMoments second = FeatureMoments.of(new double[][] {{4, 6}, {4, 6}});
    assertThat(FrechetDistance.between(first, second)).isEqualTo(new FrechetDistance(25, 0));
  }

  @Test
  void rejectsSetsOfOneRow() {
    FeatureMoments one = FeatureMoments.of(new double[][] {{1, 2}});
    FeatureMoments two = FeatureMoments.of(new double[][] {{1, 2}, {2, 1}});
    assertThatThrownBy(() -> FrechetDistance.between(two, one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid row count: 1 (must be >= 2 for a covariance)");
  }

  @Test
  void rejectsOtherDimensions() {
    assertThatThrownBy(
            () -> FrechetDistance.between(FeatureMoments.empty(2), FeatureMoments.empty(3)))
        .hasMessage("Invalid dimensions: 2 and 3 features (must be equal)");
  }

  private static FeatureMoments gaussian(double[] mean, double[][] covariance) {
    double[] m2 = new double[mean.length * (mean.length + 1) / 2];
    int k = 0;
    for (int i = 0; i < mean.length; i++) {
      for (int j = i; j < mean.length; j++) {
        m2[k++] = 100 * covariance[i][j];
      }
    }
    return new FeatureMoments(101, mean, m2);
  }

  private static double[][] diagonal(double... values) {
    double[][] matrix = new double[values.length][values.length];
    for (int i = 0; i < values.length; i++) {
      matrix[i][i] = values[i];
    }
    return matrix;
  }

  private static double[][] rows(int n, int d, long seed, double scale) {
    Random random = new Random(seed);
    double[][] rows = new double[n][d];
    for (double[] row : rows) {
      Arrays.setAll(row, i -> scale * random.nextGaussian());
    }
    return rows;
  }
}
