package org.gridscape.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.gridscape.numpy.NpyArray;
import org.gridscape.numpy.NpzFile;
import org.gridscape.numpy.NpzFile.Packing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NpzSourceTest {
  private static final int COUNT = 11;
  private static final int HEIGHT = 2;
  private static final int WIDTH = 3;

  @TempDir private Path folder = Path.of("unset");

  @ParameterizedTest
  @EnumSource(Packing.class)
  void readsColourImagesInAnyOrder(Packing packing) throws IOException {
    ImageSource source = write(packing, NpyArray.of(samples(3), COUNT, HEIGHT, WIDTH, 3));
    assertThat(source).isInstanceOf(NpzSource.class);
    assertThat(source.names()).hasSize(COUNT).startsWith("00000", "00001").endsWith("00010");
    try (ImageSource.Reader reader = source.open()) {
      for (int image : new int[] {10, 0, 5, 5}) {
        SourceImage read = reader.read("%05d".formatted(image));
        assertThat(read.label()).isEqualTo(-1);
        assertThatPixelsAreSamples(read.pixels(), image, 3);
      }
      for (String absent : List.of("00011", "3", "+0003")) {
        assertThatThrownBy(() -> reader.read(absent))
            .isInstanceOf(IOException.class)
            .hasMessage("Cannot find image: " + absent);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Packing.class)
  void readsGreyImagesWithAndWithoutAnAxisOfChannels(Packing packing) throws IOException {
    for (int[] shape : new int[][] {{COUNT, HEIGHT, WIDTH}, {COUNT, HEIGHT, WIDTH, 1}}) {
      ImageSource source = write(packing, NpyArray.of(samples(1), shape));
      try (ImageSource.Reader reader = source.open()) {
        assertThatPixelsAreSamples(reader.read("00007").pixels(), 7, 1);
      }
    }
  }

  private static byte[] samples(int channels) {
    byte[] samples = new byte[COUNT * HEIGHT * WIDTH * channels];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) i;
    }
    return samples;
  }

  private static void assertThatPixelsAreSamples(SourcePixels pixels, int image, int channels) {
    assertThat(pixels.channels()).isEqualTo(channels);
    assertThat(pixels.height()).isEqualTo(HEIGHT);
    assertThat(pixels.width()).isEqualTo(WIDTH);
    float[] row = new float[channels * WIDTH];
    for (int y = 0; y < HEIGHT; y++) {
      pixels.readRow(y, 0, row);
      for (int x = 0; x < WIDTH; x++) {
        for (int c = 0; c < channels; c++) {
          int sample = ((image * HEIGHT + y) * WIDTH + x) * channels + c;
          assertThat(row[c * WIDTH + x]).isEqualTo(sample & 0xff);
        }
      }
    }
  }

  /** Fortran order, which numpy keeps where an array was transposed. */
  @Test
  void readsAnArrayInFortranOrder() throws IOException {
    byte[] c = samples(1);
    byte[] fortran = new byte[c.length];
    for (int n = 0; n < COUNT; n++) {
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          fortran[n + COUNT * (y + HEIGHT * x)] = c[(n * HEIGHT + y) * WIDTH + x];
        }
      }
    }
    byte[] content = content(Packing.STORED, NpyArray.of(fortran, COUNT, HEIGHT, WIDTH));
    String text = new String(content, StandardCharsets.ISO_8859_1);
    int flag = text.indexOf("False");
    ByteArrayOutputStream npy = new ByteArrayOutputStream();
    int start = text.indexOf("\u0093NUMPY");
    npy.write(content, start, flag - start);
    npy.writeBytes("True ".getBytes(StandardCharsets.US_ASCII));
    npy.write(content, flag + 5, 128 - (flag + 5 - start) + c.length);
    Path file = folder.resolve("fortran.npz");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("arr_0.npy"));
      zip.write(npy.toByteArray());
    }
    try (ImageSource.Reader reader = ImageSource.of(file.toString()).open()) {
      assertThatPixelsAreSamples(reader.read("00007").pixels(), 7, 1);
    }
  }

  @Test
  void saysWhereItCannotUnpack() throws IOException {
    ImageSource source = write(Packing.DEFLATED, NpyArray.of(samples(1), COUNT, HEIGHT, WIDTH));
    String scratch = System.getProperty("java.io.tmpdir");
    System.setProperty("java.io.tmpdir", folder.resolve("gone").toString());
    try {
      assertThatThrownBy(source::open)
          .isInstanceOf(IOException.class)
          .hasMessage(
              "Cannot unpack %s to %s: no such folder",
              folder.resolve("x.npz"), folder.resolve("gone"));
    } finally {
      System.setProperty("java.io.tmpdir", scratch);
    }
  }

  @Test
  void namesNoImagesOfAnEmptyArray() throws IOException {
    assertThat(write(Packing.DEFLATED, NpyArray.of(new byte[0], 0, 4, 4, 3)).names()).isEmpty();
  }

  @Test
  void rejectsArraysThatAreNoImages() throws IOException {
    rejects(NpyArray.of(new byte[96], 2, 3, 4, 4), "[2, 3, 4, 4] of |u1");
    rejects(NpyArray.of(new byte[6], 6), "[6] of |u1");
    rejects(NpyArray.of(new byte[0], 3, 0, 5), "[3, 0, 5] of |u1");
    rejects(NpyArray.of(new float[12], 1, 2, 2, 3), "[1, 2, 2, 3] of <f4");
  }

  private void rejects(NpyArray array, String fact) throws IOException {
    ImageSource source = write(Packing.STORED, array);
    assertThatThrownBy(source::names)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot read images: %s: arr_0 is %s (must be [N, H, W] or [N, H, W, C] of |u1, C 1 or 3)",
            folder.resolve("x.npz"), fact);
  }

  @Test
  void rejectsAFileWithoutImages() throws IOException {
    Path file = folder.resolve("statistics.npz");
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("mu", NpyArray.of(new double[2], 2));
    arrays.put("sigma", NpyArray.of(new double[4], 2, 2));
    try (OutputStream out = Files.newOutputStream(file)) {
      NpzFile.write(out, arrays, Packing.STORED);
    }
    assertThatThrownBy(() -> ImageSource.of(file.toString()).open())
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot read array: arr_0 of %s: no such array (there are [mu, sigma])", file);
    Path empty = Files.write(folder.resolve("empty.npz"), new byte[0]);
    assertThatThrownBy(() -> ImageSource.of(empty.toString()).names())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot open npz file: " + empty + ": ");
  }

  private ImageSource write(Packing packing, NpyArray array) throws IOException {
    return ImageSource.of(Files.write(folder.resolve("x.npz"), content(packing, array)).toString());
  }

  private static byte[] content(Packing packing, NpyArray array) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NpzFile.write(out, Map.of("arr_0", array), packing);
    return out.toByteArray();
  }
}
