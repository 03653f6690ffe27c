package org.gridscape.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureRowsTest {
  private static final FeatureRows THREE = new FeatureRows(2, new float[] {1, 2, 3, 4, 5, 6});

  @Test
  void selectsRowsInTheOrderAskedFor() {
    assertThat(THREE.rows()).isEqualTo(3);
    assertThat(THREE.select(new int[] {2, 0, 2}))
        .isEqualTo(new FeatureRows(2, new float[] {5, 6, 1, 2, 5, 6}));
    assertThat(THREE.select(new int[0]).rows()).isZero();
  }

  @Test
  void partsJoinInTheirOrder() {
    assertThat(FeatureRows.concat(2, List.of(THREE.slice(2, 3), THREE.slice(0, 2))))
        .isEqualTo(new FeatureRows(2, new float[] {5, 6, 1, 2, 3, 4}));
    assertThat(FeatureRows.concat(7, List.of())).isEqualTo(new FeatureRows(7, new float[0]));
  }

  @Test
  void rejectsWhatIsNoWholeRowsOrNotFinite() {
    assertThatThrownBy(() -> new FeatureRows(0, new float[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid dimension: 0 (must be >= 1)");
    assertThatThrownBy(() -> new FeatureRows(2, new float[3]))
        .hasMessage("Invalid feature rows: 3 values (must be whole rows of 2)");
    assertThatThrownBy(() -> new FeatureRows(2, new float[] {1, 2, 3, Float.NaN}))
        .hasMessage("Invalid feature: NaN at row 1, feature 1 (must be finite)");
  }

  @Test
  void rejectsRowsThatAreNotThere() {
    assertThatThrownBy(() -> THREE.select(new int[] {3}))
        .hasMessage("Invalid row: 3 (must be 0 to 2)");
    assertThatThrownBy(() -> THREE.slice(2, 4))
        .hasMessage("Invalid rows: 2 to 4 (must be in order and within 0 to 3)");
    assertThatThrownBy(() -> FeatureRows.concat(3, List.of(THREE)))
        .hasMessage("Invalid dimensions: 3 and 2 features (must be equal)");
  }

  @Test
  void rejectsMoreValuesThanAnArrayHolds() {
    FeatureRows large = new FeatureRows(1 << 20, new float[1 << 20]);
    assertThatThrownBy(() -> FeatureRows.concat(1 << 20, Collections.nCopies(2048, large)))
        .hasMessage(
            "Cannot hold feature rows: 2048 rows of 1048576 features (must be at most 2147483639 values)");
    assertThatThrownBy(() -> large.select(new int[4096]))
        .hasMessage(
            "Cannot hold feature rows: 4096 rows of 1048576 features (must be at most 2147483639 values)");
  }
}
