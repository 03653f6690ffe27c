package org.gridscape.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxSourceTest {
  private static final int IMAGES = 0x803;
  private static final int LABELS = 0x801;

  @Test
  void readsImagesAndTheLabelsBesideThem(@TempDir Path folder) throws IOException {
    Path images = write(folder, "a-images-idx3-ubyte", content(pixels(12), IMAGES, 2, 2, 3));
    write(folder, "a-labels-idx1-ubyte", content(new byte[] {7, (byte) 200}, LABELS, 2));
    ImageSource source = ImageSource.of(images.toString());
    assertThat(source.names()).containsExactly("00000", "00001");
    try (ImageSource.Reader reader = source.open()) {
      SourceImage image = reader.read("00001");
      assertThat(image.label()).isEqualTo(200);
      assertThat(image.pixels().height()).isEqualTo(2);
      assertThat(image.pixels().width()).isEqualTo(3);
      assertThat(row(image.pixels(), 1)).containsExactly(219f, 220f, 221f);
    }
  }

  @Test
  void readsGzip(@TempDir Path folder) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(content(pixels(4), IMAGES, 1, 2, 2));
    }
    Path images = write(folder, "any-name.gz", packed.toByteArray());
    try (ImageSource.Reader reader = ImageSource.of(images.toString()).open()) {
      assertThat(row(reader.read("00000").pixels(), 0)).containsExactly(210f, 211f);
      assertThat(reader.read("00000").label()).isEqualTo(-1);
    }
  }

  @Test
  void goesBackToEarlierImages(@TempDir Path folder) throws IOException {
    Path images = write(folder, "x", content(pixels(3), IMAGES, 3, 1, 1));
    try (ImageSource.Reader reader = ImageSource.of(images.toString()).open()) {
      assertThat(row(reader.read("00002").pixels(), 0)).containsExactly(212f);
      assertThat(row(reader.read("00000").pixels(), 0)).containsExactly(210f);
    }
  }

  @Test
  void rejectsAnotherMagicNumber(@TempDir Path folder) throws IOException {
    Path images = write(folder, "x", content(pixels(4), 0x0d03, 1, 2, 2));
    assertThatThrownBy(() -> new IdxSource(images.toString()).names())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot read IDX images: %s: begins with 0x00000d03 (must be 0x00000803, or a gzip file of that)",
            images);
  }

  @Test
  void rejectsImpossibleSides(@TempDir Path folder) throws IOException {
    Path images = write(folder, "x", content(pixels(4), IMAGES, 1, 0, 28));
    assertThatThrownBy(() -> new IdxSource(images.toString()).names())
        .hasMessage(
            "Cannot read IDX images: %s: 1 images of 0x28 (sides must be 1 to 16384)", images);
  }

  @Test
  void rejectsAFileThatEndsInItsHeader(@TempDir Path folder) throws IOException {
    Path images = write(folder, "x", content(new byte[0], IMAGES, 1));
    assertThatThrownBy(() -> new IdxSource(images.toString()).names())
        .hasMessage("Cannot read IDX images: %s: ends in its header", images);
  }

  @Test
  void namesTheImagesBeyondATruncation(@TempDir Path folder) throws IOException {
    Path images = write(folder, "x", content(pixels(6), IMAGES, 3, 2, 2));
    try (ImageSource.Reader reader = new IdxSource(images.toString()).open()) {
      assertThat(row(reader.read("00000").pixels(), 1)).containsExactly(212f, 213f);
      for (String cut : new String[] {"00001", "00002"}) {
        assertThatThrownBy(() -> reader.read(cut))
            .isInstanceOf(IOException.class)
            .hasMessage("Cannot read image %s: %s ends before it", cut, images);
      }
      assertThat(row(reader.read("00000").pixels(), 1)).containsExactly(212f, 213f);
    }
  }

  @Test
  void rejectsLabelsOfAnotherCount(@TempDir Path folder) throws IOException {
    Path images = write(folder, "images-idx3", content(pixels(2), IMAGES, 2, 1, 1));
    Path labels = write(folder, "labels-idx1", content(new byte[3], LABELS, 3));
    assertThatThrownBy(() -> new IdxSource(images.toString()).open())
        .hasMessage(
            "Cannot read IDX labels: %s: 3 labels stated, 2 found (must be 2, one an image)",
            labels);
  }

  @Test
  void embedsFashionMnist() throws IOException {
    ImageSource source = ImageSource.of("fashion-mnist-10k");
    assertThat(source.names()).hasSize(10000).startsWith("00000").endsWith("09999");
    try (ImageSource.Reader reader = source.open()) {
      SourceImage last = reader.read("09999");
      assertThat(last.label()).isEqualTo(5);
      assertThat(last.pixels().height()).isEqualTo(28);
    }
  }

  private static float[] row(SourcePixels pixels, int y) {
    float[] row = new float[pixels.channels() * pixels.width()];
    pixels.readRow(y, 0, row);
    return row;
  }

  private static byte[] pixels(int count) {
    byte[] pixels = new byte[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = (byte) (210 + i);
    }
    return pixels;
  }

  private static byte[] content(byte[] values, int... header) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(content);
    for (int number : header) {
      out.writeInt(number);
    }
    out.write(values);
    return content.toByteArray();
  }

  private static Path write(Path folder, String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }
}
