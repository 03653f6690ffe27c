package org.gridscape.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TimeZone;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.gridscape.numpy.NpzFile.Packing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that numpy wrote (arrays.py, beside them) and files that it reads. */
class NpzFileTest {
  private static final double[] TABLE =
      IntStream.range(0, 12).mapToDouble(i -> i / 8.0 - 0.5).toArray();

  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "deflated.npz"})
  void readsWhatNumpyWrites(String file) throws IOException {
    try (NpzFile npz = NpzFile.of(file, resource(file))) {
      for (String key : List.of("f8", "f4", "fortran", "big")) {
        assertThat(npz.read(key).doubles()).as(key).isEqualTo(TABLE);
        assertThat(npz.read(key).shape()).as(key).containsExactly(3, 4);
      }
      assertThat(npz.read("cube").longs())
          .isEqualTo(IntStream.range(0, 24).asLongStream().toArray());
      assertThat(npz.header("cube").fortranOrder()).isTrue();
      assertThat(npz.read("u1").longs()).containsExactly(250, 251, 252, 253, 254, 255);
      assertThat(npz.read("u1").doubles()).containsExactly(250, 251, 252, 253, 254, 255);
      assertThat(npz.read("i2").longs()).containsExactly(-2, 300);
      assertThat(npz.read("i4").longs()).containsExactly(-1, Integer.MAX_VALUE);
      assertThat(npz.read("i8").longs()).containsExactly(Long.MIN_VALUE, Long.MAX_VALUE);
      assertThat(npz.read("bool").longs()).containsExactly(1, 0, 1);
      assertThat(npz.read("single").longs()).containsExactly(42);
      assertThat(npz.read("single").shape()).isEmpty();
      assertThat(npz.read("none").shape()).containsExactly(0, 5);
      assertThat(npz.read("text").text()).isEqualTo("pool3 \u00e9 \ud83d\ude00");
      assertThat(npz.read("big_text").text()).isEqualTo("clean");
      assertThat(npz.read("bytes").text()).isEqualTo("legacy");
      assertThat(npz.find("absent")).isEmpty();
      assertThat(npz.find("single")).contains(NpyArray.of(42));
    }
  }

  @Test
  void readsEveryVersionOfTheHeader() throws IOException {
    for (String file : List.of("version2.npz", "version3.npz")) {
      try (NpzFile npz = NpzFile.of(file, resource(file))) {
        assertThat(npz.keys()).containsExactly("table");
        assertThat(npz.read("table").doubles()).isEqualTo(TABLE);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"object; |O", "complex; <c16", "record; [('a', '<f4'), ('b', '<i8')]"})
  void listsArraysOfOtherTypesAndRefusesThem(String key, String type) throws IOException {
    try (NpzFile npz = NpzFile.of("stored.npz", resource("stored.npz"))) {
      assertThat(npz.keys()).contains(key);
      assertThat(npz.header(key).description()).isEqualTo(type);
      String message =
          "Cannot read array: %s of stored.npz: Invalid array type: %s (must be one of [f4, f8, i1, i2, i4, i8, u1, u2, u4, b1], U or S)"
              .formatted(key, type);
      assertThatThrownBy(() -> npz.read(key)).isInstanceOf(IOException.class).hasMessage(message);
      assertThatThrownBy(() -> npz.rows(key)).isInstanceOf(IOException.class).hasMessage(message);
    }
  }

  @Test
  void saysWhichArraysThereAre() throws IOException {
    try (NpzFile npz = NpzFile.of("v2.npz", resource("version2.npz"))) {
      assertThatThrownBy(() -> npz.read("mu"))
          .isInstanceOf(IOException.class)
          .hasMessage("Cannot read array: mu of v2.npz: no such array (there are [table])");
    }
  }

  @Test
  void refusesElementsOfAnotherKind() throws IOException {
    assertThatThrownBy(() -> NpyArray.of(new double[1]).longs())
        .hasMessage("Invalid array type: <f8 (must be a whole number)");
    assertThatThrownBy(() -> NpyArray.of("text").doubles())
        .hasMessage("Invalid array type: <U4 (must be a whole number)");
    assertThatThrownBy(() -> NpyArray.of(7).text())
        .hasMessage("Invalid array: [] of <i8 (must be a single text)");
    assertThatThrownBy(() -> NpyArray.of(new double[3], 2, 2))
        .hasMessage("Invalid array: 24 bytes (must be 32, [2, 2] of <f8)");
  }

  @ParameterizedTest
  @EnumSource(Packing.class)
  void readsBackWhatItWrote(Packing packing) throws IOException {
    Map<String, NpyArray> arrays = arrays();
    byte[] content = written(arrays, packing);
    try (NpzFile npz = NpzFile.of("ours", content)) {
      assertThat(npz.keys()).isEqualTo(List.copyOf(arrays.keySet()));
      for (String key : npz.keys()) {
        assertThat(npz.read(key)).isEqualTo(arrays.get(key));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Packing.class)
  void writesTheSameBytesInEveryTimeZone(Packing packing) throws IOException {
    byte[] here = written(arrays(), packing);
    TimeZone zone = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
      assertThat(written(arrays(), packing)).isEqualTo(here);
    } finally {
      TimeZone.setDefault(zone);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "deflated.npz"})
  void readsRowByRow(String file) throws IOException {
    try (NpzFile npz = NpzFile.of(file, resource(file));
        NpyRows rows = npz.rows("big")) {
      assertThat(rows.count()).isEqualTo(3);
      for (int row = 0; row < 3; row++) {
        double[] values = new NpyArray(new NpyType('f', 8), new int[] {4}, rows.next()).doubles();
        assertThat(values).isEqualTo(Arrays.copyOfRange(TABLE, 4 * row, 4 * row + 4));
      }
      assertThatThrownBy(rows::next)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessage("no row after the last of 3");
      assertThatThrownBy(() -> npz.rows("fortran"))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "Cannot read array: fortran of %s: [3, 4] in Fortran order (must have rows, in C order)",
              file);
      assertThatThrownBy(() -> npz.rows("single"))
          .hasMessage(
              "Cannot read array: single of %s: [] in C order (must have rows, in C order)", file);
    }
  }

  @Test
  void saysWhereAStoredArrayLies(@TempDir Path folder) throws IOException {
    byte[] content = resource("stored.npz");
    Path file = Files.write(folder.resolve("stored.npz"), content);
    try (NpzFile npz = NpzFile.open(file)) {
      int position = (int) npz.position("u1").orElseThrow();
      assertThat(Arrays.copyOfRange(content, position, position + 6))
          .containsExactly(250, 251, 252, 253, 254, 255);
    }
    try (NpzFile npz = NpzFile.of("deflated.npz", resource("deflated.npz"))) {
      assertThat(npz.position("u1")).isEmpty();
    }
  }

  /** More than 2 GiB, which numpy writes with 64-bit sizes; deflated they are small. */
  @Test
  void readsRowsOfAnArrayLargerThanAnArrayOfJava(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("large.npz");
    int rows = 2200;
    int size = 1 << 20;
    byte[] row = new byte[size];
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(1);
      zip.putNextEntry(new ZipEntry("arr_0.npy"));
      zip.write(NpyHeader.write(NpyType.UNSIGNED_BYTE, new int[] {rows, 1024, 1024}));
      for (int i = 0; i < rows; i++) {
        row[7] = (byte) i;
        zip.write(row);
      }
    }
    try (NpzFile npz = NpzFile.open(file)) {
      try (NpyRows images = npz.rows("arr_0")) {
        assertThat(images.rowBytes()).isEqualTo(size);
        for (int i = 0; i < rows; i++) {
          assertThat(images.next()[7]).isEqualTo((byte) i);
        }
      }
      assertThatThrownBy(() -> npz.read("arr_0"))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "Cannot read array: arr_0 of %s: 2306867200 bytes (must be at most 2147483639)",
              file);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; Cannot read array: a of x: ends in its header",
        "9; Cannot read array: a of x: ends in its header",
        "40; Cannot read array: a of x: ends in its header",
        "136; Cannot read array: a of x: 8 bytes of elements (must be 16, [2] of <f8)",
        "146; Cannot read array: a of x: 18 bytes of elements (must be 16, [2] of <f8)",
      })
  void refusesAnArrayOfTheWrongLength(int length, String message) throws IOException {
    byte[] whole = npy(NpyArray.of(new double[] {1, 2}, 2));
    assertThat(whole).hasSize(144);
    assertThatRefused(Arrays.copyOf(whole, length), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "PK; begins with PKNUMP (must be \\x93NUMPY)",
        "v4; format version 4 (must be 1 to 3)",
        "v2; header of 4294967295 bytes (must be at most 1048576)",
        "{}; header {} (must be a dictionary of descr, fortran_order and shape)",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999, 999999999999)}; Invalid shape: [999999999999, 999999999999] of <f8 (must have fewer than 2^63 bytes)",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-2,)}; header {'descr': '<f8', 'fortran_order': False, 'shape': (-2,)} (must be a dictionary of descr, fortran_order and shape)",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4L,)}; 0 bytes of elements (must be 96, [3, 4] of <f8)",
      })
  void refusesADamagedHeader(String damage, String message) throws IOException {
    assertThatRefused(damaged(damage), "Cannot read array: a of x: " + message);
  }

  private static byte[] damaged(String damage) throws IOException {
    byte[] whole = npy(NpyArray.of(new double[] {1, 2}, 2));
    switch (damage) {
      case "PK" -> System.arraycopy("PKNUMP".getBytes(StandardCharsets.US_ASCII), 0, whole, 0, 6);
      case "v4" -> whole[6] = 4;
      case "v2" -> {
        whole[6] = 2;
        Arrays.fill(whole, 8, 12, (byte) 0xff);
      }
      default -> {
        byte[] text = damage.getBytes(StandardCharsets.US_ASCII);
        byte[] changed = Arrays.copyOf(whole, 10 + text.length);
        System.arraycopy(text, 0, changed, 10, text.length);
        changed[8] = (byte) text.length;
        changed[9] = 0;
        return changed;
      }
    }
    return whole;
  }

  private static void assertThatRefused(byte[] npy, String message) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(content)) {
      zip.putNextEntry(new ZipEntry("a.npy"));
      zip.write(npy);
    }
    try (NpzFile npz = NpzFile.of("x", content.toByteArray())) {
      assertThatThrownBy(() -> npz.read("a")).isInstanceOf(IOException.class).hasMessage(message);
    }
  }

  @Test
  void refusesAChangedByte() throws IOException {
    byte[] content = resource("stored.npz");
    try (NpzFile npz = NpzFile.of("whole", content)) {
      content[(int) npz.position("u1").orElseThrow()]++;
    }
    try (NpzFile npz = NpzFile.of("changed.npz", content)) {
      assertThatThrownBy(() -> npz.read("u1"))
          .isInstanceOf(IOException.class)
          .hasMessageMatching(
              "Cannot read array: u1 of changed.npz: checksum is [0-9a-f]{8} \\(must be [0-9a-f]{8}\\)");
    }
  }

  @Test
  void refusesAFileCutShort() throws IOException {
    byte[] whole = resource("deflated.npz");
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
      assertThatThrownBy(() -> NpzFile.of("short.npz", Arrays.copyOf(whole, length)))
          .as("%d bytes", length)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Cannot open npz file: short.npz: ");
    }
  }

  /** Python reads what is written here, where there is Python with numpy. */
  @ParameterizedTest
  @EnumSource(Packing.class)
  void writesWhatNumpyReads(Packing packing, @TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = Files.write(folder.resolve("ours.npz"), written(arrays(), packing));
    String program =
        """
        f = np.load(%s)
        assert f.files == ['table', 'floats', 'bytes', 'n', 'name', 'empty'], f.files
        assert (f['table'] == np.arange(12.).reshape(3, 4) / 8 - .5).all()
        assert f['floats'].dtype == np.float32 and f['floats'].shape == (2,)
        assert f['bytes'].dtype == np.uint8 and f['bytes'][1] == 255
        assert f['n'].shape == () and int(f['n']) == -7
        assert str(f['name']) == 'pool3 \u00e9 \\U0001f600', repr(f['name'])
        assert str(f['empty']) == ''
        """
            .formatted("'" + file + "'");
    NumpyProgram.run(program);
  }

  private static Map<String, NpyArray> arrays() {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("table", NpyArray.of(TABLE, 3, 4));
    arrays.put("floats", NpyArray.of(new float[] {1, 2}, 2));
    arrays.put("bytes", NpyArray.of(new byte[] {0, -1}, 2));
    arrays.put("n", NpyArray.of(-7));
    arrays.put("name", NpyArray.of("pool3 \u00e9 \ud83d\ude00"));
    arrays.put("empty", NpyArray.of(""));
    return arrays;
  }

  private static byte[] written(Map<String, NpyArray> arrays, Packing packing) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NpzFile.write(out, arrays, packing);
    return out.toByteArray();
  }

  private static byte[] npy(NpyArray array) throws IOException {
    byte[] content = written(Map.of("a", array), Packing.DEFLATED);
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
      zip.getNextEntry();
      return zip.readAllBytes();
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = NpzFileTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no resource " + name);
      }
      return in.readAllBytes();
    }
  }
}
