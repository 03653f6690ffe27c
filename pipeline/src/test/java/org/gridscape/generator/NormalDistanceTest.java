package org.gridscape.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.junit.jupiter.api.Test;

class NormalDistanceTest {
  private static final ImageShape SHAPE = new ImageShape(1, 2);

  /** The closed-form expectations against averages over many normal codes. */
  @Test
  void isTheDiscrepancyToNormalCodes() {
    ImageBatch codes = normals(6, 1, 1.5f);
    ImageBatch many = normals(200_000, 2, 1);
    double pairs = 0;
    double cross = 0;
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        pairs += i == j ? 0 : kernel(codes, i, codes, j) / 30;
      }
      for (int n = 0; n < many.count(); n++) {
        cross += kernel(codes, i, many, n) / (6.0 * many.count());
      }
    }
    double own = 0;
    for (int n = 0; n + 1 < many.count(); n += 2) {
      own += kernel(many, n, many, n + 1) / (many.count() / 2.0);
    }
    // Kernels are in (0, 1], so the standard error of the averages is below 0.0016.
    assertThat(NormalDistance.of(codes).value()).isCloseTo(pairs - 2 * cross + own, within(0.006));
  }

  @Test
  void gradientIsThatOfTheValue() {
    ImageBatch codes = normals(5, 4, 0.7f);
    float[] gradient = NormalDistance.of(codes).gradient().pixels();
    for (int i = 0; i < gradient.length; i++) {
      ImageBatch ahead = codes.copy();
      ImageBatch behind = codes.copy();
      ahead.pixels()[i] += 0.01f;
      behind.pixels()[i] -= 0.01f;
      double step = ahead.pixels()[i] - behind.pixels()[i];
      double slope = (NormalDistance.of(ahead).value() - NormalDistance.of(behind).value()) / step;
      assertThat((double) gradient[i]).isCloseTo(slope, within(1e-5));
    }
  }

  @Test
  void normalCodesAreNearAndOthersFar() {
    double normal = NormalDistance.of(normals(500, 7, 1)).value();
    assertThat(Math.abs(normal)).isLessThan(0.003);
    assertThat(NormalDistance.of(normals(500, 7, 0.3f)).value()).isGreaterThan(0.05);
    assertThat(NormalDistance.of(normals(500, 7, 3)).value()).isGreaterThan(0.05);
  }

  @Test
  void rejectsOneCode() {
    assertThatThrownBy(() -> NormalDistance.of(normals(1, 1, 1)))
        .hasMessage(
            "Invalid training.cellSize: 1 (must be >= 2, since generator.loss.normal compares the codes of a cell)");
  }

  private static double kernel(ImageBatch first, int i, ImageBatch second, int j) {
    double squares = 0;
    for (int c = 0; c < 4; c++) {
      double difference = first.pixels()[4 * i + c] - second.pixels()[4 * j + c];
      squares += difference * difference;
    }
    return Math.exp(-squares / 8);
  }

  private static ImageBatch normals(int count, int cell, float deviation) {
    ImageBatch codes = ImageBatch.zeros(SHAPE, count);
    NoiseStream.of(5, NoiseStream.Purpose.CODE).normals(NoiseAddress.of(0, cell), codes.pixels());
    for (int i = 0; i < codes.pixels().length; i++) {
      codes.pixels()[i] *= deviation;
    }
    return codes;
  }
}
