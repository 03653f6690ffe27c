package org.gridscape.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

  @Test
  void compositesAlphaOnTheBackground() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0xff102030);
    image.setRGB(1, 0, 0x00102030);
    image.setRGB(2, 0, 0x33_00_ff_64);
    float[] row = row(image, "png", 255);
    assertThat(row)
        .containsExactly(new float[] {16, 255, 204, 32, 255, 255, 48, 255, 224}, within(1e-3f));
    assertThat(row(image, "png", 0)[2]).isZero();
  }

  @Test
  void keepsGreyWithAlphaGrey() throws IOException {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_BYTE);
    WritableRaster raster = model.createCompatibleWritableRaster(2, 1);
    raster.setPixel(0, 0, new int[] {100, 255});
    raster.setPixel(1, 0, new int[] {100, 51});
    BufferedImage image = new BufferedImage(model, raster, false, null);
    assertThat(row(image, "png", 255)).containsExactly(new float[] {100, 224}, within(1e-3f));
  }

  @Test
  void looksUpPalettes() throws IOException {
    byte[] channel = {0, (byte) 200, 50};
    IndexColorModel palette = new IndexColorModel(2, 3, channel, channel, new byte[3], 2);
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
    image.getRaster().setSamples(0, 0, 3, 1, 0, new int[] {1, 2, 0});
    assertThat(row(image, "png", 255)).containsExactly(200, 255, 0, 200, 255, 0, 0, 255, 0);
  }

  @Test
  void scalesSixteenBits() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSamples(0, 0, 2, 1, 0, new int[] {65535, 100 * 257 + 64});
    assertThat(row(image, "png", 0)).containsExactly(new float[] {255, 100.249f}, within(1e-3f));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "bmp", "gif"})
  void keepsTheLevelsOfGreyFiles(String format) throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSamples(0, 0, 16, 16, 0, filled(256, 100));
    assertThat(row(image, format, 0)).contains(100f).doesNotContain(99f, 101f);
  }

  @Test
  void readsCmykJpeg() throws IOException {
    SourcePixels white = ImageDecoder.decode(cmykJpeg(255, 255, 255, 255));
    assertThat(white.channels()).isEqualTo(3);
    assertThat(row(white, 0)).containsOnly(255f);
    float[] cyan = row(ImageDecoder.decode(cmykJpeg(0, 255, 255, 255)), 0);
    assertThat(cyan[0]).isLessThan(80);
    assertThat(cyan[16]).isGreaterThan(130);
    assertThat(cyan[32]).isGreaterThan(180);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "bmp"})
  void rejectsFilesCutShort(String format) throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < 64 * 64; p++) {
      image.setRGB(p % 64, p / 64, p * 7919);
    }
    byte[] encoded = encode(image, format);
    byte[] half = Arrays.copyOf(encoded, encoded.length / 2);
    assertThatThrownBy(() -> ImageDecoder.decode(half))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot decode image: ");
  }

  @Test
  void rejectsWhatIsNoImage() {
    assertThatThrownBy(() -> ImageDecoder.decode(new byte[0]))
        .hasMessage("Cannot decode image: empty file");
    assertThatThrownBy(() -> ImageDecoder.decode(filledBytes(50)))
        .hasMessage("Cannot decode image: not PNG, JPEG, GIF, BMP, TIFF, WebP or PNM");
  }

  private static float[] row(BufferedImage image, String format, float background)
      throws IOException {
    return row(ImageDecoder.decode(encode(image, format)), background);
  }

  private static float[] row(SourcePixels pixels, float background) {
    float[] row = new float[pixels.channels() * pixels.width()];
    pixels.readRow(0, background, row);
    return row;
  }

  private static byte[] encode(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, encoded)).isTrue();
    return encoded.toByteArray();
  }

  /** A JPEG as Adobe's programs write it: the inks inverted, and a segment that says so. */
  private static byte[] cmykJpeg(int... inks) throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
    for (int p = 0; p < 256; p++) {
      raster.setPixel(p % 16, p / 16, inks);
    }
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(encoded)) {
      writer.setOutput(out);
      writer.write(new IIOImage(raster, null, null));
    }
    byte[] adobe = {-1, -18, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
    ByteArrayOutputStream marked = new ByteArrayOutputStream();
    marked.write(encoded.toByteArray(), 0, 2);
    marked.write(adobe);
    marked.write(encoded.toByteArray(), 2, encoded.size() - 2);
    return marked.toByteArray();
  }

  private static int[] filled(int count, int value) {
    int[] values = new int[count];
    Arrays.fill(values, value);
    return values;
  }

  private static byte[] filledBytes(int count) {
    byte[] values = new byte[count];
    Arrays.fill(values, (byte) 'x');
    return values;
  }
}
