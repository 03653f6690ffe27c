package org.gridscape.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MomentsAccumulatorTest {
  /** Sizes around those of its blocks, groups and tiles. */
  @ParameterizedTest
  @CsvSource({"2, 1", "3, 2", "126, 5", "127, 5", "128, 255", "254, 256", "500, 257", "300, 600"})
  void agreesWithTheSampleCovariance(int n, int d) {
    FeatureRows rows = DrawnFeatures.rows(3, n, d, 2, 5, 0.01);
    FeatureMoments moments = FeatureMoments.of(rows);
    double[] covariance = moments.covariance();
    double[][] expected = expected(rows);
    double largest = 0;
    for (int i = 0; i < d * d; i++) {
      largest = Math.max(largest, Math.abs(covariance[i] - expected[i / d][i % d]));
    }
    assertThat(largest).isLessThan(1e-13);
    assertThat(moments.n()).isEqualTo(n);
  }

  @Test
  void bitsDoNotDependOnHowManyRowsComeAtOnce() {
    FeatureRows rows = DrawnFeatures.rows(4, 600, 20, 1, 3);
    FeatureMoments whole = FeatureMoments.of(rows);
    for (int step : new int[] {1, 7, 127, 128, 599}) {
      MomentsAccumulator accumulator = new MomentsAccumulator(20);
      for (int from = 0; from < 600; from += step) {
        accumulator.add(rows.values(), from, Math.min(step, 600 - from));
        assertThat(accumulator.n()).isEqualTo(Math.min(from + step, 600));
      }
      assertThat(accumulator.moments()).isEqualTo(whole);
    }
  }

  @Test
  void mergesInPlaceAsMomentsDo() {
    FeatureRows rows = DrawnFeatures.rows(5, 400, 9, 1, 3);
    FeatureMoments first = FeatureMoments.of(rows.slice(0, 150));
    FeatureMoments second = FeatureMoments.of(rows.slice(150, 400));
    MomentsAccumulator accumulator = new MomentsAccumulator(9);
    accumulator.merge(FeatureMoments.empty(9));
    accumulator.merge(first);
    assertThat(accumulator.moments()).isEqualTo(first);
    accumulator.merge(second);
    assertThat(accumulator.moments()).isEqualTo(first.merge(second));
  }

  @Test
  void rowsBeforeAndAfterAMergeCount() {
    FeatureRows rows = DrawnFeatures.rows(6, 300, 4, 1, 3);
    MomentsAccumulator accumulator = new MomentsAccumulator(4);
    accumulator.add(rows.slice(0, 10));
    accumulator.merge(FeatureMoments.of(rows.slice(10, 200)));
    accumulator.add(rows.slice(200, 300));
    FeatureMoments whole = FeatureMoments.of(rows);
    assertThat(accumulator.n()).isEqualTo(300);
    assertThat(accumulator.moments().mean()).containsExactly(whole.mean(), within(1e-14));
    assertThat(accumulator.moments().m2()).containsExactly(whole.m2(), within(1e-11));
  }

  @Test
  void momentsTakenEarlierStayAsTheyWere() {
    FeatureRows rows = DrawnFeatures.rows(7, 50, 4, 1, 3);
    MomentsAccumulator accumulator = new MomentsAccumulator(4);
    accumulator.add(rows);
    FeatureMoments early = accumulator.moments();
    accumulator.add(rows);
    assertThat(early).isEqualTo(FeatureMoments.of(rows));
    assertThat(accumulator.moments().n()).isEqualTo(100);
  }

  /** Whole offsets of 2^20 leave the deviations, in steps of 1/8, exact in float32. */
  @Test
  void survivesALargeOffset() {
    FeatureRows near = DrawnFeatures.grid(8, 1000, 3, 64);
    float[] shifted = near.values().clone();
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] = shifted[i] / 8 + (1 << 20);
    }
    FeatureMoments far = FeatureMoments.of(new FeatureRows(3, shifted));
    double[] expected = FeatureMoments.of(near).m2().clone();
    for (int k = 0; k < expected.length; k++) {
      expected[k] /= 64;
    }
    assertThat(far.m2()).containsExactly(expected, within(1e-7));
  }

  @Test
  void rejectsRowsThatDoNotFit() {
    MomentsAccumulator accumulator = new MomentsAccumulator(2);
    assertThatThrownBy(() -> accumulator.add(new FeatureRows(3, new float[3])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid dimensions: 2 and 3 features (must be equal)");
    assertThatThrownBy(() -> accumulator.merge(FeatureMoments.empty(5)))
        .hasMessage("Invalid dimensions: 2 and 5 features (must be equal)");
    assertThatThrownBy(() -> accumulator.add(new float[6], 2, 2))
        .hasMessage("Invalid rows: 2 from 2 (must be within 6 values of rows of 2)");
    assertThatThrownBy(() -> accumulator.add(new float[] {0, 0, 1, Float.NaN}, 1, 1))
        .hasMessage("Invalid feature: NaN at row 1, feature 1 (must be finite)");
    assertThat(accumulator.n()).isZero();
  }

  private static double[][] expected(FeatureRows rows) {
    int d = rows.dimension();
    if (d == 1) {
      double[] values =
          IntStream.range(0, rows.rows()).mapToDouble(i -> rows.values()[i]).toArray();
      return new double[][] {{new Covariance().covariance(values, values)}};
    }
    double[][] doubles = new double[rows.rows()][d];
    for (int i = 0; i < rows.values().length; i++) {
      doubles[i / d][i % d] = rows.values()[i];
    }
    return new Covariance(doubles).getCovarianceMatrix().getData();
  }
}
