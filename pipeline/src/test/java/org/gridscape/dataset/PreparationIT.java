package org.gridscape.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.ImageFit;
import org.gridscape.image.ImageShape;
import org.gridscape.numpy.NpyArray;
import org.gridscape.numpy.NpzFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preparation of 20 coloured files, one of them damaged, on two cores. */
class PreparationIT {
  private static final int IMAGES = 20;
  private static final int DAMAGED = 13;

  private static SparkSession spark;
  private static Path source;
  private Path target = Path.of("unset");

  @BeforeAll
  static void startSparkAndDrawImages(@TempDir Path folder) throws IOException {
    spark =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", "false").getOrCreate();
    source = Files.createDirectory(folder.resolve("images"));
    Files.createDirectory(source.resolve("sub"));
    for (int i = 0; i < IMAGES; i++) {
      Path file = source.resolve(name(i));
      if (i == DAMAGED) {
        Files.writeString(file, "no image");
      } else {
        draw(i, file);
      }
    }
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @BeforeEach
  void chooseTarget(@TempDir Path folder) {
    target = folder.resolve("prepared");
  }

  @Test
  void preparesAFolderAndListsTheDamagedFile() {
    Manifest manifest = prepare(source, 3, 0.2, 0.05);
    assertThat(manifest.sourceCount()).isEqualTo(IMAGES);
    assertThat(manifest.trainShards()).extracting(Manifest.Shard::rows).containsExactly(5, 5, 5);
    assertThat(manifest.heldOutCount()).isEqualTo(4);
    assertThat(manifest.rejects())
        .containsExactly(
            new Manifest.Reject(
                name(DAMAGED), "Cannot decode image: not PNG, JPEG, GIF, BMP, TIFF, WebP or PNM"));
    assertThat(manifest).isEqualTo(Manifest.read(target.toString()));
    for (Manifest.Shard shard : manifest.shards()) {
      ShardFile.verify(target.toString(), shard);
      assertThatImagesAreTheirColours(ShardFile.read(target.toString(), shard));
    }
  }

  @Test
  void preparesAnArchiveLikeItsFolder() throws IOException {
    Manifest ofFolder = prepare(source, 2, 0, 0.05);
    Path archive = target.resolveSibling("images.zip");
    try (OutputStream file = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (int i = 0; i < IMAGES; i++) {
        zip.putNextEntry(new ZipEntry(name(i)));
        Files.copy(source.resolve(name(i)), zip);
      }
    }
    target = target.resolveSibling("of-archive");
    Manifest ofArchive = prepare(archive, 2, 0, 0.05);
    assertThat(ofArchive.fingerprint()).isEqualTo(ofFolder.fingerprint());
    assertThat(ofArchive.shards()).isEqualTo(ofFolder.shards());
    assertThat(ofArchive.rejects()).isEqualTo(ofFolder.rejects());
    target = target.resolveSibling("one-shard");
    assertThat(prepare(source, 1, 0, 0.05).fingerprint()).isEqualTo(ofFolder.fingerprint());
  }

  @Test
  void preparesATarArchiveLikeItsFolder() throws IOException {
    Manifest ofFolder = prepare(source, 2, 0, 0.05);
    for (String name : List.of("images.tar", "images.tgz")) {
      Path archive = target.resolveSibling(name);
      writeTar(archive);
      target = target.resolveSibling("of-" + name);
      Manifest ofArchive = prepare(archive, 2, 0, 0.05);
      assertThat(ofArchive.fingerprint()).isEqualTo(ofFolder.fingerprint());
      assertThat(ofArchive.shards()).isEqualTo(ofFolder.shards());
      assertThat(ofArchive.rejects()).isEqualTo(ofFolder.rejects());
    }
  }

  private static void writeTar(Path archive) throws IOException {
    try (OutputStream file = Files.newOutputStream(archive);
        OutputStream out = archive.toString().endsWith("tgz") ? new GZIPOutputStream(file) : file;
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (int i = 0; i < IMAGES; i++) {
        TarArchiveEntry entry = new TarArchiveEntry(name(i));
        entry.setSize(Files.size(source.resolve(name(i))));
        tar.putArchiveEntry(entry);
        Files.copy(source.resolve(name(i)), tar);
        tar.closeArchiveEntry();
      }
    }
  }

  @Test
  void preparesABatchOfSamples() throws IOException {
    byte[] samples = new byte[5 * 4 * 4 * 3];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (40 * (i / 48) + 10 * (i % 3));
    }
    Path file = target.resolveSibling("samples.npz");
    try (OutputStream out = Files.newOutputStream(file)) {
      NpzFile.write(
          out, Map.of("arr_0", NpyArray.of(samples, 5, 4, 4, 3)), NpzFile.Packing.DEFLATED);
    }
    Manifest manifest = prepare(file, 1, 0, 0);
    assertThat(manifest.sourceCount()).isEqualTo(5);
    ImageBlock images = ShardFile.read(target.toString(), manifest.shards().get(0));
    for (int i = 0; i < 5; i++) {
      int drawn = Integer.parseInt(images.ids().get(i));
      for (int p = 0; p < 48; p++) {
        assertThat(images.pixels()[i * 48 + p] & 0xff).isEqualTo(40 * drawn + 10 * (p / 16));
      }
    }
  }

  @Test
  void labelsImagesByTheFolderThatHoldsThem() throws IOException {
    Path folder = Files.createDirectory(target.resolveSibling("labelled"));
    for (String name : List.of("b/0.png", "a/1.png", "deep/b/2.png", "c/3.png")) {
      Files.createDirectories(folder.resolve(name).getParent());
      draw(0, folder.resolve(name));
    }
    Manifest manifest = prepare(folder, 1, 0, 0);
    assertThat(manifest.classes()).containsExactly("a", "b", "c");
    ImageBlock images = ShardFile.read(target.toString(), manifest.shards().get(0));
    for (int i = 0; i < images.count(); i++) {
      String name = images.ids().get(i);
      assertThat(images.labels()[i])
          .as(name)
          .isEqualTo(name.startsWith("a") ? 0 : name.contains("b/") ? 1 : 2);
    }
  }

  @Test
  void storesImagesOfAProgramInPlaceOfThoseStoredBefore() {
    Manifest manifest = store("a program", image("1", 7), image("2", 8), image("3", 9));
    assertThat(manifest.trainCount()).isEqualTo(3);
    assertThat(spark.sparkContext().getPersistentRDDs().isEmpty()).isTrue();
    ImageBlock images = ShardFile.read(target.toString(), manifest.shards().get(0));
    for (int i = 0; i < 3; i++) {
      assertThat(images.pixels()[i * 48]).isEqualTo((byte) (10 * images.labels()[i]));
    }
    assertThat(store("a program", image("1", 7)).sourceCount()).isEqualTo(1);
    assertThatThrownBy(() -> store("another", image("1", 7)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot store images in %s: it holds a data set made from a program (choose another folder)",
            target);
  }

  @Test
  void storesNothingIfAnImageOfAProgramIsRejected() throws IOException {
    assertThatThrownBy(
            () -> store("a program", image("1", 7), new PreparedImage.Rejected("2", "too dark")))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot prepare a program: 1 of 2 images rejected, a share of 0.5 (must be at most 0.0): 2 (too dark)");
    assertThat(target)
        .satisfiesAnyOf(
            path -> assertThat(path).doesNotExist(), path -> assertThat(path).isEmptyDirectory());
    assertThatThrownBy(() -> store("a program"))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot prepare a program: no images");
  }

  private static PreparedImage image(String id, int label) {
    byte[] pixels = new byte[48];
    Arrays.fill(pixels, (byte) (10 * label));
    return new PreparedImage.Accepted(id, label, pixels);
  }

  private Manifest store(String source, PreparedImage... images) {
    return Preparation.store(
        spark,
        new DataSettings(
            source, target.toString(), 1, 0, new ImageShape(3, 4), ImageFit.PAD, 0, 0, 5L),
        JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(List.of(images)));
  }

  @Test
  void returnsWhatIsPreparedAndRefusesOtherSettings() throws IOException {
    Manifest manifest = prepare(source, 2, 0.2, 0.05);
    Path shard = target.resolve("shard-00000.parquet");
    FileTime written = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(shard, written);
    assertThat(prepare(source, 2, 0.2, 0.05)).isEqualTo(manifest);
    assertThat(Files.getLastModifiedTime(shard)).isEqualTo(written);
    assertThatThrownBy(() -> prepare(source, 4, 0.2, 0.05))
        .isInstanceOf(ChangedSettingsException.class)
        .hasMessage(
            "Cannot prepare %s: it holds a data set made with other settings (shards: was 2, is 4). Choose another target, or delete that folder to prepare it anew.",
            target);
  }

  @Test
  void redoesWhatWasInterrupted() throws IOException {
    Manifest manifest = prepare(source, 2, 0.2, 0.05);
    List<String> names = names();
    Files.delete(target.resolve("manifest.json"));
    Files.writeString(target.resolve("shard-00007.parquet"), "of a preparation that ended early");
    Files.writeString(target.resolve("_manifest.json"), "{");
    Files.createDirectories(target.resolve("_preparing/_temporary/0"));
    assertThat(prepare(source, 2, 0.2, 0.05)).isEqualTo(manifest);
    assertThat(names()).isEqualTo(names);
    Files.delete(target.resolve("shard-00001.parquet"));
    assertThat(prepare(source, 2, 0.2, 0.05)).isEqualTo(manifest);
    assertThat(names()).isEqualTo(names);
  }

  @Test
  void leavesNothingAfterTooManyRejects() throws IOException {
    Files.createDirectories(target);
    Files.writeString(target.resolve("mine.txt"), "stays");
    assertThatThrownBy(() -> prepare(source, 2, 0.2, 0.04))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot prepare %s: 1 of 20 images rejected, a share of 0.05 (must be at most 0.04): %s (Cannot decode image: not PNG, JPEG, GIF, BMP, TIFF, WebP or PNM)",
            source, name(DAMAGED));
    assertThat(names()).containsExactly("mine.txt");
  }

  @Test
  void rejectsASourceWithoutImagesAndMoreShardsThanImages() throws IOException {
    Path empty = Files.createDirectory(target.resolveSibling("empty"));
    assertThatThrownBy(() -> prepare(empty, 2, 0.2, 0))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot prepare %s: no images", empty);
    assertThatThrownBy(() -> prepare(source, 20, 0, 1))
        .isInstanceOf(DataException.class)
        .hasMessage("Invalid shards: 20 (must be at most the 19 training images)");
    assertThat(target)
        .satisfiesAnyOf(
            path -> assertThat(path).doesNotExist(), path -> assertThat(path).isEmptyDirectory());
  }

  @Test
  void rejectsASourceThatCannotBeRead() throws IOException {
    Path file = Files.write(target.resolveSibling("images"), new byte[100]);
    assertThatThrownBy(() -> prepare(file, 1, 0, 0))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot prepare %s from %s: Cannot read IDX images: %s: begins with 0x00000000 (must be 0x00000803, or a gzip file of that)",
            target, file, file);
  }

  private static void assertThatImagesAreTheirColours(ImageBlock block) {
    assertThat(block.shape()).isEqualTo(new ImageShape(3, 4));
    assertThat(block.labels()).containsOnly(-1);
    for (int i = 0; i < block.count(); i++) {
      int drawn = Integer.parseInt(block.ids().get(i).replaceAll("\\D", ""));
      for (int channel = 0; channel < 3; channel++) {
        int found = block.pixels()[i * 48 + channel * 16 + 7] & 0xff;
        assertThat(Math.abs(found - level(drawn, channel))).isLessThanOrEqualTo(4);
      }
    }
  }

  private Manifest prepare(Path from, int shards, double heldOut, double maxRejected) {
    return Preparation.prepare(
        spark,
        new DataSettings(
            from.toString(),
            target.toString(),
            shards,
            heldOut,
            new ImageShape(3, 4),
            ImageFit.RESIZE,
            255,
            maxRejected,
            5L));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return new ArrayList<>(files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  private static String name(int image) {
    return (image % 3 == 0 ? "sub/" : "") + image + (image % 2 == 0 ? ".png" : ".jpg");
  }

  private static int level(int image, int channel) {
    return 12 * image + 5 * channel;
  }

  private static void draw(int image, Path file) throws IOException {
    BufferedImage drawn = new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB);
    int colour = level(image, 0) << 16 | level(image, 1) << 8 | level(image, 2);
    for (int p = 0; p < 16 * 8; p++) {
      drawn.setRGB(p % 16, p / 16, colour);
    }
    String format = file.toString().endsWith("png") ? "png" : "jpg";
    assertThat(ImageIO.write(drawn, format, file.toFile())).isTrue();
  }
}
