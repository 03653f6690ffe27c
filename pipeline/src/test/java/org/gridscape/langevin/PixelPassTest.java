package org.gridscape.langevin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.gridscape.image.PixelRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PixelPassTest {
  private static final LangevinSettings SETTINGS =
      new LangevinSettings(1, 0.5f, 0.25f, 2f, PixelRange.SIGNED_UNIT);
  private static final PixelPass PASS = new PixelPass(SETTINGS);

  @Test
  void sumsTheSquaresOfAnyPiece() {
    float[] values = new float[40];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + 1;
    }
    for (int from = 0; from < values.length; from++) {
      double sum = 0;
      for (int to = from; to <= values.length; to++) {
        assertThat(PixelPass.squares(values, from, to)).isEqualTo(sum);
        sum += (to + 1.0) * (to + 1.0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void squaresAreFiniteOnlyIfEveryValueIs(float broken) {
    for (int length = 1; length < 12; length++) {
      float[] values = new float[length];
      Arrays.fill(values, -Float.MAX_VALUE);
      assertThat(PixelPass.squares(values, 0, length)).isFinite();
      for (int i = 0; i < length; i++) {
        float[] one = values.clone();
        one[i] = broken;
        assertThat(Double.isFinite(PixelPass.squares(one, 0, length))).isFalse();
      }
    }
  }

  @Test
  void movesAndCountsOnlyThePixelsBetween() {
    float[] x = {0f, 0.5f, 0.5f, 0.5f, 0f};
    float[] g = {9f, 9f, -9f, 0.25f, 9f};
    float[] z = {0f, 0f, 0f, 1f, 0f};
    assertThat(PASS.clipped(x, g, z, 1, 4)).isEqualTo(2);
    PASS.move(x, g, z, 1, 4);
    assertThat(x).containsExactly(0f, 1f, -1f, 0.5f + 0.5f * 0.125f + 0.25f, 0f);
  }

  /** A pixel that is not a number shows in the next gradient; clipping must not hide it. */
  @Test
  void clippingKeepsNaN() {
    float[] x = new float[19];
    float[] g = new float[19];
    g[18] = Float.NaN;
    assertThat(PASS.clipped(x, g, new float[19], 0, 19)).isEqualTo(1);
    PASS.move(x, g, new float[19], 0, 19);
    assertThat(x[18]).isNaN();
  }
}
