package org.gridscape.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImageBatchTest {
  @Test
  void mirrorsOneImageInAllItsChannels() {
    float[] pixels = new float[2 * 3 * 9];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i;
    }
    ImageBatch images = new ImageBatch(new ImageShape(3, 3), 2, pixels);
    ImageBatch before = images.copy();
    images.mirror(1);
    assertThat(images.slice(0, 1)).isEqualTo(before.slice(0, 1));
    for (int row = 27; row < 54; row += 3) {
      assertThat(pixels[row]).isEqualTo(row + 2);
      assertThat(pixels[row + 1]).isEqualTo(row + 1);
      assertThat(pixels[row + 2]).isEqualTo(row);
    }
    images.mirror(1);
    assertThat(images).isEqualTo(before);
  }
}
