package org.gridscape.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.junit.jupiter.api.Test;

class HiddenSpaceTest {
  private static final ImageShape SHAPE = new ImageShape(1, 2);
  private static final double[] MEAN = {0.5, -0.25, 0, 1};
  private static final double[][] COVARIANCE = {
    {2, 0.5, 0, 0.1}, {0.5, 1, 0.2, 0}, {0, 0.2, 0.5, 0}, {0.1, 0, 0, 0.25}
  };
  private static final HiddenSpace SPACE = HiddenSpace.of(SHAPE, MEAN, COVARIANCE);

  @Test
  void thumbnailsOfNormalCodesHaveTheMoments() {
    int count = 200_000;
    ImageBatch codes = ImageBatch.zeros(SHAPE, count);
    NoiseStream.of(3, NoiseStream.Purpose.CODE).normals(NoiseAddress.of(0, 0), codes.pixels());
    float[] values = SPACE.thumbnails(codes).pixels();
    for (int i = 0; i < 4; i++) {
      double sum = 0;
      for (int n = 0; n < count; n++) {
        sum += values[4 * n + i];
      }
      // Five standard errors at the largest variance.
      assertThat(sum / count).isCloseTo(MEAN[i], within(5 * Math.sqrt(2.0 / count)));
      for (int j = 0; j < 4; j++) {
        double product = 0;
        for (int n = 0; n < count; n++) {
          product += (values[4 * n + i] - MEAN[i]) * (values[4 * n + j] - MEAN[j]);
        }
        assertThat(product / count)
            .isCloseTo(COVARIANCE[i][j], within(5 * 2 * Math.sqrt(2.0 / count)));
      }
    }
  }

  @Test
  void codesAndThumbnailsAreInverse() {
    ImageBatch thumbnails = new ImageBatch(SHAPE, 1, new float[] {1, 0, -1, 0.5f});
    assertThat(SPACE.thumbnails(SPACE.codes(thumbnails)).pixels())
        .containsExactly(thumbnails.pixels(), within(1e-6f));
  }

  @Test
  void codeGradientIsThatOfThumbnails() {
    ImageBatch signals = new ImageBatch(SHAPE, 1, new float[] {1, -2, 0.5f, 3});
    ImageBatch codes = ImageBatch.zeros(SHAPE, 1);
    float[] gradient = SPACE.codeGradient(signals).pixels();
    for (int i = 0; i < 4; i++) {
      ImageBatch moved = codes.copy();
      moved.pixels()[i] = 1;
      float[] before = SPACE.thumbnails(codes).pixels();
      float[] after = SPACE.thumbnails(moved).pixels();
      double slope = 0;
      for (int j = 0; j < 4; j++) {
        slope += signals.pixels()[j] * (after[j] - before[j]);
      }
      assertThat(gradient[i]).isCloseTo((float) slope, within(1e-5f));
    }
  }

  /** Pixels that never vary must not make infinite codes. */
  @Test
  void constantPixelsGiveFiniteCodes() {
    double[][] flat = new double[4][4];
    flat[0][0] = 1;
    HiddenSpace space = HiddenSpace.of(SHAPE, MEAN, flat);
    for (float value : space.codes(ImageBatch.zeros(SHAPE, 1)).pixels()) {
      assertThat(Float.isFinite(value)).isTrue();
    }
    float[] drawn = space.thumbnails(new ImageBatch(SHAPE, 1, new float[] {1, 1, 1, 1})).pixels();
    assertThat(drawn[3]).isCloseTo(1, within(0.002f));
  }

  @Test
  void rejectsImagesThatDoNotDiffer() {
    assertThatThrownBy(() -> HiddenSpace.of(SHAPE, MEAN, new double[4][4]))
        .hasMessage(
            "Invalid hidden space: largest variance 0.0 of thumbnails of 1x2x2 (must be > 0: images"
                + " must differ)");
    assertThatThrownBy(() -> new HiddenSpace(SHAPE, new float[3]))
        .hasMessage("Invalid hidden space: 3 values (must be 36 for thumbnails of 1x2x2)");
    assertThatThrownBy(() -> SPACE.codes(ImageBatch.zeros(new ImageShape(1, 4), 1)))
        .hasMessage("Invalid codes or thumbnails: shape 1x4x4 (must be 1x2x2)");
  }
}
