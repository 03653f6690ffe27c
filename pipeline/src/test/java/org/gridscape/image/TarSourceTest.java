package org.gridscape.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarSourceTest {
  private static final String LONG = "folder of a long name/".repeat(12) + "\u00e9 \u4e2d 1.png";

  @TempDir private Path folder = Path.of("unset");

  /** What is written into an archive. */
  private interface Content {
    void write(TarArchiveOutputStream tar) throws IOException;
  }

  @ParameterizedTest
  @ValueSource(strings = {"images.tar", "images.TAR.GZ", "images.tgz"})
  void readsImagesInAnyOrder(String name) throws IOException {
    ImageSource source = ImageSource.of(write(name, TarSourceTest::images).toString());
    assertThat(source).isInstanceOf(TarSource.class);
    List<String> names = new ArrayList<>(source.names());
    assertThat(names)
        .isEqualTo(
            List.of("a/c.JPG", "b.png", "damaged.png", "empty.png", LONG, "x y.png").stream()
                .sorted()
                .toList());
    Collections.reverse(names);
    try (ImageSource.Reader reader = source.open()) {
      for (String image : names) {
        if (!image.startsWith("damaged") && !image.startsWith("empty")) {
          assertThat(level(reader, image)).as(image).isEqualTo(expected(image));
        }
      }
      assertThatThrownBy(() -> reader.read("empty.png"))
          .isInstanceOf(IOException.class)
          .hasMessage("Cannot decode image: empty file");
      assertThatThrownBy(() -> reader.read("damaged.png"))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Cannot decode image: not PNG");
      assertThatThrownBy(() -> reader.read("absent.png"))
          .isInstanceOf(FileNotFoundException.class)
          .hasMessage("Cannot find image: absent.png");
    }
  }

  private static void images(TarArchiveOutputStream tar) throws IOException {
    add(tar, "./b.png", png(2));
    tar.putArchiveEntry(new TarArchiveEntry("a/"));
    tar.closeArchiveEntry();
    add(tar, "a/c.JPG", png(3));
    add(tar, "a/notes.txt", "no image".getBytes(StandardCharsets.UTF_8));
    add(tar, ".hidden.png", png(9));
    add(tar, "a/._d.png", png(9));
    add(tar, "__MACOSX/b.png", png(9));
    add(tar, LONG, png(4));
    add(tar, "x y.png", png(9));
    add(tar, "x y.png", png(5));
    add(tar, "empty.png", new byte[0]);
    add(tar, "damaged.png", new byte[700]);
  }

  private static int expected(String name) {
    return name.equals("b.png") ? 2 : name.equals("a/c.JPG") ? 3 : name.equals(LONG) ? 4 : 5;
  }

  @ParameterizedTest
  @ValueSource(strings = {"links.tar", "links.tgz"})
  void followsLinksWithinTheArchive(String name) throws IOException {
    Path archive =
        write(
            name,
            tar -> {
              link(tar, "early.png", "a/b.png", TarConstants.LF_LINK);
              add(tar, "a/b.png", png(7));
              link(tar, "a/hard.png", "./a/b.png", TarConstants.LF_LINK);
              link(tar, "c/soft.png", "../a/hard.png", TarConstants.LF_SYMLINK);
              link(tar, "out.png", "../elsewhere.png", TarConstants.LF_SYMLINK);
              link(tar, "loop.png", "loop.png", TarConstants.LF_SYMLINK);
            });
    ImageSource source = ImageSource.of(archive.toString());
    assertThat(source.names())
        .containsExactly("a/b.png", "a/hard.png", "c/soft.png", "early.png", "loop.png", "out.png");
    try (ImageSource.Reader reader = source.open()) {
      for (String image : List.of("early.png", "a/hard.png", "c/soft.png")) {
        assertThat(level(reader, image)).as(image).isEqualTo(7);
      }
      for (String image : List.of("out.png", "loop.png")) {
        assertThatThrownBy(() -> reader.read(image))
            .isInstanceOf(IOException.class)
            .hasMessage(
                "Cannot read image: %s: a link to no image of the archive, a sparse file, or one over 2 GiB",
                image);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.tar", "x.tgz"})
  void findsNoImagesInAnEmptyArchive(String name) throws IOException {
    assertThat(ImageSource.of(write(name, tar -> {}).toString()).names()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.tar", "x.tgz"})
  void rejectsAnArchiveCutShort(String name) throws IOException {
    byte[] whole = Files.readAllBytes(write(name, TarSourceTest::images));
    Path cut = Files.write(folder.resolve("cut-" + name), Arrays.copyOf(whole, whole.length / 4));
    assertThatThrownBy(() -> ImageSource.of(cut.toString()).names())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot read tar archive: " + cut + ": ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.tar", "x.tgz"})
  void rejectsAnArchiveThatLacksItsEnd(String name) throws IOException {
    byte[] whole =
        Files.readAllBytes(
            write(
                "whole.tar",
                tar -> {
                  add(tar, "a.png", new byte[100]);
                  add(tar, "b.png", new byte[100]);
                }));
    for (int records : new int[] {0, 2, 4}) {
      Path cut = folder.resolve(name);
      try (OutputStream file = Files.newOutputStream(cut);
          OutputStream out = name.endsWith("tgz") ? new GZIPOutputStream(file) : file) {
        out.write(whole, 0, 512 * records);
      }
      assertThatThrownBy(() -> ImageSource.of(cut.toString()).names())
          .isInstanceOf(IOException.class)
          .hasMessage(
              "Cannot read tar archive: %s: ends without the zeros of an archive's end", cut);
    }
  }

  @Test
  void rejectsAnEntryThatEndsOutsideTheArchive() throws IOException {
    byte[] whole = Files.readAllBytes(write("x.tar", tar -> add(tar, "a.png", new byte[2000])));
    Path cut = Files.write(folder.resolve("cut.tar"), Arrays.copyOf(whole, 1024));
    assertThatThrownBy(() -> ImageSource.of(cut.toString()).names())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot read tar archive: %s: entry a.png of 2000 bytes at 512 (must end within 1024)",
            cut);
  }

  @Test
  void rejectsWhatIsNoArchive() throws IOException {
    byte[] noise = new byte[2048];
    Arrays.fill(noise, (byte) 'x');
    for (String name : List.of("x.tar", "x.tar.gz")) {
      Path file = Files.write(folder.resolve(name), noise);
      assertThatThrownBy(() -> ImageSource.of(file.toString()).names())
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Cannot read tar archive: " + file + ": ");
      Files.write(file, new byte[0]);
      assertThatThrownBy(() -> ImageSource.of(file.toString()).names())
          .isInstanceOf(IOException.class)
          .hasMessage(
              "Cannot read tar archive: %s: %s",
              file,
              name.endsWith("gz") ? "EOFException" : "ends without the zeros of an archive's end");
    }
  }

  @Test
  void seesAnArchiveThatWasReplaced() throws IOException {
    Path archive = write("x.tar", tar -> add(tar, "a.png", png(1)));
    ImageSource source = ImageSource.of(archive.toString());
    assertThat(source.names()).containsExactly("a.png");
    write(
        "x.tar",
        tar -> {
          for (int i = 0; i < 30; i++) {
            add(tar, "b%02d.png".formatted(i), png(1));
          }
        });
    assertThat(source.names()).hasSize(30);
  }

  private Path write(String name, Content content) throws IOException {
    Path file = folder.resolve(name);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = name.endsWith("tar") ? bytes : new GZIPOutputStream(bytes);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      content.write(tar);
    }
    return Files.write(file, bytes.toByteArray());
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static void link(TarArchiveOutputStream tar, String name, String target, byte kind)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private static byte[] png(int level) throws IOException {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    image.setRGB(1, 1, level << 16);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "png", out)).isTrue();
    return out.toByteArray();
  }

  private static int level(ImageSource.Reader reader, String name) throws IOException {
    float[] row = new float[9];
    SourceImage image = reader.read(name);
    assertThat(image.label()).isEqualTo(-1);
    image.pixels().readRow(1, 0, row);
    return (int) row[1];
  }
}
