package org.gridscape.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSourceTest {
  private static final List<String> ENTRIES =
      List.of("b.png", "a/c.JPG", "a/d.txt", ".hidden.png", "a/._d.png", "z.jpeg", "z.svg");

  @Test
  void namesTheImagesOfAFolderByRelativePath(@TempDir Path folder) throws IOException {
    Files.createDirectory(folder.resolve("a"));
    for (String entry : ENTRIES) {
      Files.createFile(folder.resolve(entry));
    }
    ImageSource source = ImageSource.of(folder.toString());
    assertThat(source).isInstanceOf(FolderSource.class);
    assertThat(source.names()).containsExactly("a/c.JPG", "b.png", "z.jpeg");
  }

  @Test
  void namesTheImagesOfAnArchiveLikeThoseOfAFolder(@TempDir Path folder) throws IOException {
    Path archive = folder.resolve("images.ZIP");
    try (OutputStream file = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.putNextEntry(new ZipEntry("a/"));
      for (String entry : ENTRIES) {
        zip.putNextEntry(new ZipEntry(entry));
      }
      zip.putNextEntry(new ZipEntry("__MACOSX/b.png"));
    }
    assertThat(ImageSource.of(archive.toString()).names())
        .containsExactly("a/c.JPG", "b.png", "z.jpeg");
  }

  @Test
  void rejectsWhatIsNeitherANameNorAPath() {
    assertThatThrownBy(() -> ImageSource.of("fashion-mnist"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid image source: fashion-mnist (must be an embedded set, one of [fashion-mnist-10k], or the path of a folder, of a zip or tar archive, of an npz, Parquet or IDX file)");
  }

  @Test
  void findsNoImagesInAnArchiveOfOtherFiles(@TempDir Path folder) throws IOException {
    Path archive = folder.resolve("junk.zip");
    for (List<String> entries : List.of(List.<String>of(), List.of("a.txt", ".b.png", "c/"))) {
      try (OutputStream file = Files.newOutputStream(archive);
          ZipOutputStream zip = new ZipOutputStream(file)) {
        for (String entry : entries) {
          zip.putNextEntry(new ZipEntry(entry));
        }
      }
      assertThat(ImageSource.of(archive.toString()).names()).isEmpty();
    }
  }

  @Test
  void rejectsADamagedArchive(@TempDir Path folder) throws IOException {
    Path archive = Files.write(folder.resolve("x.zip"), new byte[100]);
    assertThatThrownBy(() -> ImageSource.of(archive.toString()).names())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot open zip archive: " + archive + ": ");
  }
}
