package org.gridscape.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetSourceTest {
  private static final String HUGGING_FACE =
      "message m { optional group image { optional binary bytes; optional binary path (UTF8); } optional int64 label; }";
  private static final String SAMPLES =
      "message m { required int32 image; required int32 channels; required float f_grid_1; required binary pixels_grid_1; required float f_grid_2; required binary pixels_grid_2; }";

  @TempDir private Path folder = Path.of("unset");

  @Test
  void readsTheFilesOfAFolderInOrder() throws IOException {
    folder = Files.createDirectory(folder.resolve("new \u00e9 %20 [1]"));
    write("b.parquet", HUGGING_FACE, List.of(row(3, 8), row(4, -1)));
    write("a.parquet", HUGGING_FACE, List.of(row(1, 5), row(2, 6)));
    write("_c.parquet", "message m { required int32 x; }", List.of());
    Files.writeString(folder.resolve("README.md"), "no image");
    Files.writeString(folder.resolve("_SUCCESS"), "");
    ImageSource source = ImageSource.of(folder.toString());
    assertThat(source).isInstanceOf(ParquetSource.class);
    assertThat(source.names()).containsExactly("00000", "00001", "00002", "00003");
    try (ImageSource.Reader reader = source.open()) {
      int[] labels = {5, 6, 8, -1};
      for (int i = 3; i >= 0; i--) {
        SourceImage image = reader.read("0000" + i);
        assertThat(level(image)).isEqualTo(i + 1);
        assertThat(image.label()).isEqualTo(labels[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "message m { optional binary image; }",
        "message m { required binary bytes; optional binary caption (UTF8); }",
        "message m { required int32 id; required group img { required binary bytes; } }",
      })
  void findsTheColumn(String schema) throws IOException {
    Path file =
        write(
            "x.parquet",
            schema,
            List.of(
                (types, row) -> {
                  if (types.containsField("id")) {
                    row.add("id", 7);
                    row.addGroup("img").add("bytes", Binary.fromConstantByteArray(png(9)));
                  } else {
                    String column = types.containsField("image") ? "image" : "bytes";
                    row.add(column, Binary.fromConstantByteArray(png(9)));
                  }
                }));
    ImageSource source = ImageSource.of(file.toString());
    assertThat(source.names()).containsExactly("00000");
    try (ImageSource.Reader reader = source.open()) {
      assertThat(level(reader.read("00000"))).isEqualTo(9);
    }
  }

  @Test
  void listsRowsWithoutAnImage() throws IOException {
    Path file =
        write(
            "x.parquet",
            HUGGING_FACE,
            List.of(
                (types, row) -> row.add("label", 3L),
                (types, row) -> row.addGroup("image").add("path", "a.png"),
                (types, row) ->
                    row.addGroup("image").add("bytes", Binary.fromConstantByteArray(new byte[0])),
                (types, row) -> row.addGroup("image").add("bytes", Binary.fromString("no image")),
                row(1, 2)));
    ImageSource source = ImageSource.of(file.toString());
    assertThat(source.names()).hasSize(5);
    try (ImageSource.Reader reader = source.open()) {
      for (String name : List.of("00000", "00001", "00002")) {
        assertThatThrownBy(() -> reader.read(name))
            .isInstanceOf(IOException.class)
            .hasMessage("Cannot read image: %s: no image in its row", name);
      }
      assertThatThrownBy(() -> reader.read("00003"))
          .hasMessageStartingWith("Cannot decode image: not PNG");
      assertThat(level(reader.read("00004"))).isEqualTo(1);
    }
  }

  @Test
  void takesTheFinestGridOfSamples() throws IOException {
    Path samples = Files.createDirectory(folder.resolve("samples.parquet"));
    write("samples.parquet/part-1.parquet", SAMPLES, List.of(sample(1), sample(0)));
    write("samples.parquet/part-0.parquet", SAMPLES, List.of(sample(2)));
    ImageSource source = ImageSource.of(samples.toString());
    assertThat(source.names()).containsExactly("sample-000000", "sample-000001", "sample-000002");
    try (ImageSource.Reader reader = source.open()) {
      for (int i = 0; i < 3; i++) {
        SourcePixels pixels = reader.read("sample-00000" + i).pixels();
        assertThat(pixels.channels()).isEqualTo(3);
        assertThat(pixels.height()).isEqualTo(2);
        float[] row = new float[6];
        pixels.readRow(1, 0, row);
        int first = 12 * i;
        assertThat(row)
            .containsExactly(first + 2, first + 3, first + 6, first + 7, first + 10, first + 11);
      }
    }
  }

  @Test
  void rejectsSamplesThatContradictEachOther() throws IOException {
    Path twice = write("twice.parquet", SAMPLES, List.of(sample(1), sample(1)));
    assertThatThrownBy(() -> ImageSource.of(twice.toString()).names())
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot read Parquet file: %s: sample-000001 is there twice", twice);
    Path small =
        write(
            "small.parquet",
            SAMPLES,
            List.of(
                sample(0),
                (types, row) -> {
                  row.add("image", 1);
                  row.add("channels", 1);
                  row.add("f_grid_1", 0f);
                  row.add("pixels_grid_1", Binary.fromConstantByteArray(new byte[1]));
                  row.add("f_grid_2", 0f);
                  row.add("pixels_grid_2", Binary.fromConstantByteArray(new byte[4]));
                }));
    assertThatThrownBy(() -> ImageSource.of(small.toString()).names())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot read Parquet file: %s: sample-000001 has 4 bytes as 1x2x2 (must be 12 as 3x2x2, 1 or 3 channels)",
            small);
  }

  @Test
  void rejectsFilesWithoutImages() throws IOException {
    Path file =
        write(
            "x.parquet",
            "message m { required int32 image; optional group bytes { optional int32 a; } }",
            List.of());
    assertThatThrownBy(() -> ImageSource.of(file.toString()).names())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot read Parquet file: %s: columns [image INT32, bytes structure] (must have binary image, image.bytes, img.bytes or bytes, or be samples of gridscape)",
            file);
    Path damaged = Files.write(folder.resolve("damaged.parquet"), new byte[100]);
    assertThatThrownBy(() -> ImageSource.of(damaged.toString()).names())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot read Parquet file: " + damaged + ": ")
        .hasMessageContaining("is not a Parquet file");
    Path empty = Files.write(folder.resolve("empty.parquet"), new byte[0]);
    assertThatThrownBy(() -> ImageSource.of(empty.toString()).names())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot read Parquet file: " + empty + ": ");
  }

  @Test
  void rejectsFilesOfDifferentKinds() throws IOException {
    write("a.parquet", HUGGING_FACE, List.of(row(1, 1)));
    Path second = write("b.parquet", SAMPLES, List.of(sample(1)));
    assertThatThrownBy(() -> ImageSource.of(folder.toString()).names())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot read Parquet file: %s: its columns differ from those of the files before it",
            second);
  }

  @Test
  void takesAFolderWithImagesForAFolderOfImages() throws IOException {
    write("a.parquet", HUGGING_FACE, List.of(row(1, 1)));
    Path inside = Files.createDirectory(folder.resolve("in side"));
    Files.write(inside.resolve("x.png"), png(1));
    assertThat(ImageSource.of(folder.toString())).isInstanceOf(FolderSource.class);
  }

  /** What is written into a row. */
  private interface Row {
    void write(MessageType types, Group row) throws IOException;
  }

  private static Row row(int level, long label) {
    return (types, row) -> {
      row.addGroup("image")
          .append("bytes", Binary.fromConstantByteArray(png(level)))
          .append("path", "same.png");
      if (label >= 0) {
        row.add("label", label);
      }
    };
  }

  private static Row sample(int image) {
    byte[] pixels = new byte[12];
    for (int i = 0; i < 12; i++) {
      pixels[i] = (byte) (12 * image + i);
    }
    return (types, row) -> {
      row.add("image", image);
      row.add("channels", 3);
      row.add("f_grid_1", 0f);
      row.add("pixels_grid_1", Binary.fromConstantByteArray(new byte[3]));
      row.add("f_grid_2", 0f);
      row.add("pixels_grid_2", Binary.fromConstantByteArray(pixels));
    };
  }

  private Path write(String name, String schema, List<Row> rows) throws IOException {
    Path file = folder.resolve(name);
    MessageType types = MessageTypeParser.parseMessageType(schema);
    List<Group> groups = new ArrayList<>();
    for (Row row : rows) {
      Group group = new SimpleGroupFactory(types).newGroup();
      row.write(types, group);
      groups.add(group);
    }
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(types)
            .build()) {
      for (Group group : groups) {
        writer.write(group);
      }
    }
    return file;
  }

  private static byte[] png(int level) throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(1, 0, level << 8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "png", out)).isTrue();
    return out.toByteArray();
  }

  private static int level(SourceImage image) {
    float[] row = new float[6];
    image.pixels().readRow(0, 0, row);
    assertThat(Arrays.copyOf(row, 2)).containsExactly(0, 0);
    return (int) row[3];
  }
}
