package org.gridscape.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.gridscape.image.BytePixels;
import org.gridscape.image.ImageDecoder;
import org.junit.jupiter.api.Test;

/** The files in the resources and what PIL reads of them are made by {@code colours.py} there. */
class RasterTest {

  /** What PIL reads of a file. */
  private record Golden(String file, int height, int width, byte[] pixels) {
    static Golden of(String line) {
      String[] words = line.split(" ", -1);
      return new Golden(
          words[0],
          Integer.parseInt(words[1]),
          Integer.parseInt(words[2]),
          HexFormat.of().parseHex(words[3]));
    }

    /** The largest difference of a sample. */
    int difference() throws Exception {
      Raster found = Raster.ofOpaque(ImageDecoder.decode(resource(file)));
      assertThat(List.of(found.height(), found.width())).isEqualTo(List.of(height, width));
      int largest = 0;
      for (int i = 0; i < pixels.length; i++) {
        int sample = found.pixels()[i % found.pixels().length] & 0xff;
        largest = Math.max(largest, Math.abs(sample - (pixels[i] & 0xff)));
      }
      return largest;
    }
  }

  @Test
  void readsPixelsAsPilDoes() throws Exception {
    List<Golden> files = golden("png", "bmp", "jpg");
    assertThat(files).hasSize(18);
    for (Golden golden : files) {
      assertThat(golden.difference()).as(golden.file()).isZero();
    }
  }

  @Test
  void takesTheUpperByteOfGreyWith16Bits() throws Exception {
    byte[] pixels = Raster.ofOpaque(ImageDecoder.decode(resource("grey-16.png"))).pixels();
    for (int y = 0; y < 6; y++) {
      for (int x = 0; x < 9; x++) {
        int sample = (y * 53 + x * 29 + x * y * 7) % 256 * 200 + 77;
        assertThat(pixels[y * 9 + x] & 0xff).isEqualTo(sample / 256);
      }
    }
  }

  @Test
  void compositesOnlyWhereAsked() throws Exception {
    byte[] content = resource("rgba.png");
    Raster opaque = Raster.ofOpaque(ImageDecoder.decode(content));
    Raster white = Raster.of(ImageDecoder.decode(content), 255);
    // The first pixel is (0, 101, 202) with an opacity of 303 mod 256 = 47.
    assertThat(opaque.pixels()[54] & 0xff).isEqualTo(101);
    assertThat(white.pixels()[54] & 0xff).isEqualTo(Math.round(101 * 47 / 255f + 255 - 47));
  }

  @Test
  void readsGreyOfADataSet() {
    byte[] values = {1, 2, 3, 4, 5, (byte) 250};
    Raster raster = Raster.ofOpaque(BytePixels.grey(2, 3, values));
    assertThat(raster.pixels()).isEqualTo(values);
    assertThat(raster.channels()).isEqualTo(1);
    assertThat(raster.height()).isEqualTo(2);
  }

  @Test
  void rejectsWhatIsNoImage() {
    assertThatThrownBy(() -> new Raster(2, 1, 1, new byte[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid raster: 2 channels, 1x1, 2 bytes (must be 1 or 3 channels, at least 1x1, a byte a sample)");
  }

  private static List<Golden> golden(String... kinds) throws Exception {
    return new String(resource("colours.txt"), StandardCharsets.UTF_8)
        .lines()
        .map(Golden::of)
        .filter(golden -> List.of(kinds).stream().anyMatch(golden.file()::endsWith))
        .toList();
  }

  private static byte[] resource(String name) throws Exception {
    try (InputStream in = Objects.requireNonNull(RasterTest.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    }
  }
}
