package org.gridscape.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that Pillow wrote (images.py, beside them). */
class ImageFormatsTest {
  private static final int HEIGHT = 5;
  private static final int WIDTH = 7;

  @ParameterizedTest
  @ValueSource(strings = {"colour.ppm", "colour.tif", "colour.webp"})
  void readsColours(String file) throws IOException {
    assertThatSamplesAreDrawn(file, 3, WIDTH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"grey.pgm", "grey.tiff"})
  void readsGrey(String file) throws IOException {
    assertThatSamplesAreDrawn(file, 1, WIDTH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alpha.tif", "alpha.webp"})
  void compositesTransparentPixels(String file) throws IOException {
    assertThatSamplesAreDrawn(file, 3, 4);
  }

  /** Of the opaque columns; behind the others is white. */
  private static void assertThatSamplesAreDrawn(String file, int channels, int opaque)
      throws IOException {
    SourcePixels pixels = ImageDecoder.decode(resource(file));
    assertThat(ImageDecoder.knows(file)).isTrue();
    assertThat(pixels.channels()).isEqualTo(channels);
    assertThat(pixels.height()).isEqualTo(HEIGHT);
    assertThat(pixels.width()).isEqualTo(WIDTH);
    float[] row = new float[channels * WIDTH];
    for (int y = 0; y < HEIGHT; y++) {
      pixels.readRow(y, 255, row);
      for (int c = 0; c < channels; c++) {
        for (int x = 0; x < WIDTH; x++) {
          int drawn = c == 0 ? 20 * x + 3 * y : c == 1 ? 30 * y + x : 255 - 10 * x - 20 * y;
          assertThat(row[c * WIDTH + x])
              .as("channel %d of pixel %d, %d", c, y, x)
              .isEqualTo(x < opaque ? drawn & 0xff : 255);
        }
      }
    }
  }

  @Test
  void scalesOtherDepths() throws IOException {
    float[] row = new float[3];
    SourcePixels plain = ImageDecoder.decode(resource("plain.pgm"));
    plain.readRow(0, 0, row);
    assertThat(row).containsExactly(new float[] {0, 85, 170}, within(1e-3f));
    ImageDecoder.decode(resource("deep.pgm")).readRow(0, 0, row);
    assertThat(new float[] {row[0], row[1]}).containsExactly(new float[] {255, 51}, within(1e-3f));
  }

  @Test
  void readsLossyWebp() throws IOException {
    float[] row = new float[48];
    ImageDecoder.decode(resource("lossy.webp")).readRow(8, 0, row);
    assertThat(new float[] {row[8], row[24], row[40]})
        .containsExactly(new float[] {200, 100, 50}, within(4f));
  }

  @Test
  void rejectsFloats() {
    assertThatThrownBy(() -> ImageDecoder.decode(resource("floats.tif")))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot decode image: 32 bits a sample (must be at most 16)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"colour.ppm", "colour.tif", "colour.webp", "grey.pgm", "lossy.webp"})
  void rejectsFilesCutShort(String file) throws IOException {
    byte[] whole = resource(file);
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    assertThatThrownBy(() -> ImageDecoder.decode(half))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot decode image: ");
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ImageFormatsTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no resource " + name);
      }
      return in.readAllBytes();
    }
  }
}
