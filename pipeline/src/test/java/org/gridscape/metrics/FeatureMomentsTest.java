package org.gridscape.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class FeatureMomentsTest {
  @Test
  void dividesByOneLessThanTheCount() {
    FeatureMoments moments = FeatureMoments.of(new FeatureRows(2, new float[] {1, 10, 3, 30}));
    assertThat(moments.mean()).containsExactly(2, 20);
    assertThat(moments.m2()).containsExactly(2, 20, 200);
    assertThat(moments.covariance()).containsExactly(2, 20, 20, 200);
  }

  @Test
  void mergingPiecesAgreesWithTheWhole() {
    FeatureRows rows = DrawnFeatures.rows(7, 100, 5, 2, 1);
    FeatureMoments whole = FeatureMoments.of(rows);
    FeatureMoments pieces =
        FeatureMoments.of(rows.slice(0, 1))
            .merge(FeatureMoments.of(rows.slice(1, 30)))
            .merge(FeatureMoments.of(rows.slice(30, 100)));
    assertThat(pieces.n()).isEqualTo(100);
    assertThat(pieces.mean()).containsExactly(whole.mean(), within(1e-14));
    assertThat(pieces.m2()).containsExactly(whole.m2(), within(1e-12));
  }

  @Test
  void takingAPartOutLeavesTheRest() {
    FeatureRows rows = DrawnFeatures.rows(8, 1000, 6, 2, 30);
    FeatureMoments whole = FeatureMoments.of(rows);
    for (int cut : new int[] {1, 100, 500, 998}) {
      FeatureMoments part = FeatureMoments.of(rows.slice(0, cut));
      FeatureMoments rest = FeatureMoments.of(rows.slice(cut, 1000));
      FeatureMoments left = whole.without(part);
      assertThat(left.n()).isEqualTo(1000 - cut);
      assertThat(left.mean()).containsExactly(rest.mean(), within(1e-10));
      assertThat(left.m2()).containsExactly(rest.m2(), within(1e-9));
      FeatureMoments again = left.merge(part);
      assertThat(again.mean()).containsExactly(whole.mean(), within(1e-13));
      assertThat(again.m2()).containsExactly(whole.m2(), within(1e-10));
    }
  }

  @Test
  void takingOutNothingOrAllIsExact() {
    FeatureMoments moments = FeatureMoments.of(DrawnFeatures.rows(9, 10, 3, 1, 0));
    assertThat(moments.without(FeatureMoments.empty(3))).isEqualTo(moments);
    assertThat(moments.without(moments)).isEqualTo(FeatureMoments.empty(3));
  }

  @Test
  void mergingWithNothingChangesNoBit() {
    FeatureMoments moments = FeatureMoments.of(DrawnFeatures.rows(1, 10, 3, 1, 0));
    assertThat(moments.merge(FeatureMoments.empty(3))).isEqualTo(moments);
    assertThat(FeatureMoments.empty(3).merge(moments)).isEqualTo(moments);
  }

  @Test
  void leavesItsPartsUnchanged() {
    FeatureMoments first = FeatureMoments.of(DrawnFeatures.rows(1, 10, 3, 1, 0));
    FeatureMoments second = FeatureMoments.of(DrawnFeatures.rows(2, 20, 3, 1, 0));
    FeatureMoments merged = first.merge(second);
    assertThat(merged.without(second)).isNotEqualTo(merged);
    assertThat(first).isEqualTo(FeatureMoments.of(DrawnFeatures.rows(1, 10, 3, 1, 0)));
    assertThat(second).isEqualTo(FeatureMoments.of(DrawnFeatures.rows(2, 20, 3, 1, 0)));
  }

  @Test
  void survivesSerialization() throws Exception {
    FeatureMoments moments = FeatureMoments.of(DrawnFeatures.rows(1, 10, 3, 1, 0));
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
  void rejectsOtherDimensions() {
    FeatureMoments three = FeatureMoments.empty(3);
    FeatureMoments four = FeatureMoments.empty(4);
    assertThatThrownBy(() -> three.merge(four))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid dimensions: 3 and 4 features (must be equal)");
    assertThatThrownBy(() -> three.without(four))
        .hasMessage("Invalid dimensions: 3 and 4 features (must be equal)");
  }

  @Test
  void rejectsTakingOutMoreThanThereIs() {
    FeatureMoments few = FeatureMoments.of(DrawnFeatures.rows(1, 2, 3, 1, 0));
    FeatureMoments many = FeatureMoments.of(DrawnFeatures.rows(1, 5, 3, 1, 0));
    assertThatThrownBy(() -> few.without(many))
        .hasMessage("Cannot take out moments: 5 rows of 2 (must be at most as many)");
  }

  @Test
  void rejectsContradictingComponents() {
    assertThatThrownBy(() -> new FeatureMoments(1, new double[3], new double[5]))
        .hasMessage("Invalid moments: 3 means, 5 products (must be d >= 1 and d (d + 1) / 2)");
    assertThatThrownBy(() -> new FeatureMoments(-1, new double[1], new double[1]))
        .hasMessage("Invalid row count: -1 (must be >= 0)");
    assertThatThrownBy(() -> FeatureMoments.empty(0))
        .hasMessage("Invalid dimension: 0 (must be >= 1)");
    assertThatThrownBy(() -> FeatureMoments.empty(46_341))
        .hasMessage("Invalid dimension: 46341 (must be <= 46340 for moments)");
  }

  @Test
  void rejectsTheCovarianceOfOneRow() {
    FeatureMoments one = FeatureMoments.of(new FeatureRows(2, new float[] {1, 2}));
    assertThatThrownBy(one::covariance)
        .hasMessage("Invalid row count: 1 (must be >= 2 for a covariance)");
  }
}
