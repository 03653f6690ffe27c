package org.gridscape.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class ImageFittingTest {

  @Test
  void padsAroundTheCentre() {
    BytePixels image = BytePixels.grey(1, 2, new byte[] {10, 20});
    assertThat(fit(1, 4, ImageFit.PAD, 7).apply(image))
        .containsExactly(7, 7, 7, 7, 7, 10, 20, 7, 7, 7, 7, 7, 7, 7, 7, 7);
  }

  @Test
  void refusesToPadLargerImages() {
    ImageFitting fitting = fit(1, 4, ImageFit.PAD, 0);
    assertThatThrownBy(() -> fitting.apply(BytePixels.grey(5, 2, new byte[10])))
        .hasMessage("Invalid image size: 5x2 (must be at most 4x4 to be padded)");
  }

  @Test
  void averagesAreasDown() {
    BytePixels image = BytePixels.grey(2, 4, new byte[] {1, 3, 10, 20, 5, 7, 30, 40});
    assertThat(fit(1, 1, ImageFit.RESIZE, 0).apply(image)).containsExactly(15);
    BytePixels three = BytePixels.grey(3, 3, new byte[] {9, 9, 9, 9, 9, 9, 90, 90, 90});
    assertThat(fit(1, 2, ImageFit.RESIZE, 0).apply(three)).containsExactly(9, 9, 63, 63);
  }

  @Test
  void interpolatesUp() {
    BytePixels image = BytePixels.grey(1, 2, new byte[] {0, 100});
    assertThat(fit(1, 4, ImageFit.RESIZE, 0).apply(image))
        .startsWith(0, 25, 75, 100)
        .endsWith(0, 25, 75, 100);
  }

  @Test
  void cropsTheCentreSquare() {
    BytePixels image = BytePixels.grey(1, 5, new byte[] {1, 2, 3, 4, 5});
    assertThat(fit(1, 1, ImageFit.CROP, 0).apply(image)).containsExactly(3);
  }

  @Test
  void keepsImagesOfTheRightSize() {
    byte[] pixels = {0, 1, 127, (byte) 128, (byte) 254, (byte) 255, 3, 4, 5};
    BytePixels image = BytePixels.grey(3, 3, pixels);
    for (ImageFit fit : ImageFit.values()) {
      assertThat(fit(1, 3, fit, 99).apply(image)).isEqualTo(pixels);
    }
  }

  @Test
  void turnsColourIntoLumaAndGreyIntoColour() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x64_c8_32);
    assertThat(fit(1, 1, ImageFit.PAD, 0).apply(new BufferedPixels(image)))
        .containsExactly((byte) 153);
    assertThat(fit(3, 1, ImageFit.PAD, 0).apply(new BufferedPixels(image)))
        .containsExactly(0x64, 0xc8, 0x32);
    assertThat(fit(3, 1, ImageFit.PAD, 0).apply(BytePixels.grey(1, 1, new byte[] {42})))
        .containsExactly(42, 42, 42);
  }

  @Test
  void rejectsUnknownBackgrounds() {
    assertThatThrownBy(() -> fit(1, 1, ImageFit.PAD, 256))
        .hasMessage("Invalid background: 256 (must be 0 to 255)");
  }

  private static ImageFitting fit(int channels, int side, ImageFit fit, int background) {
    return new ImageFitting(new ImageShape(channels, side), fit, background);
  }
}
