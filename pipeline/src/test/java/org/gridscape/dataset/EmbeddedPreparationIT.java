package org.gridscape.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.ImageFit;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.pyramid.GridLadder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded images, prepared on one core and on two. */
class EmbeddedPreparationIT {
  private static Path root;
  private static Manifest manifest;

  @BeforeAll
  static void prepareOnOneCoreAndOnTwo(@TempDir Path folder) {
    root = folder;
    prepare("local[1]", "one");
    manifest = prepare("local[2]", "two");
  }

  @Test
  void holdsOutATenthAndCutsEvenShards() {
    assertThat(manifest.trainShards())
        .extracting(Manifest.Shard::rows)
        .containsExactly(1285, 1286, 1286, 1285, 1286, 1286, 1286);
    assertThat(manifest.trainCount()).isEqualTo(9000);
    assertThat(manifest.heldOutCount()).isEqualTo(1000);
    assertThat(manifest.sourceCount()).isEqualTo(10000);
    assertThat(manifest.rejects()).isEmpty();
  }

  @Test
  void everyImageIsInOneShardWithItsLabel() {
    Set<String> ids = new HashSet<>();
    Map<Integer, Integer> labels = new HashMap<>();
    for (Manifest.Shard shard : manifest.shards()) {
      ImageBlock block = ShardFile.read(target("two"), shard);
      ids.addAll(block.ids());
      IntStream.of(block.labels()).forEach(label -> labels.merge(label, 1, Integer::sum));
    }
    assertThat(ids).hasSize(10000).contains("00000", "09999");
    assertThat(labels).hasSize(10).allSatisfy((label, count) -> assertThat(count).isEqualTo(1000));
  }

  @Test
  void padsWithBlack() {
    ImageBlock block = ShardFile.read(target("two"), manifest.trainShards().get(0));
    assertThat(block.shape()).isEqualTo(new ImageShape(1, 32));
    for (int i = 0; i < block.count(); i++) {
      for (int x = 0; x < 32; x++) {
        assertThat(block.pixels()[i * 1024 + 32 + x]).isZero();
      }
    }
  }

  @Test
  void coloursAreTheBlockAveragesInShardOrder() {
    ImageBatch colours = manifest.colours(target("two"));
    ImageBlock first = ShardFile.read(target("two"), manifest.trainShards().get(0));
    ImageBlock second = ShardFile.read(target("two"), manifest.trainShards().get(1));
    assertThat(colours.count()).isEqualTo(9000);
    assertThat(colours.slice(3, 4)).isEqualTo(average(first, 3));
    assertThat(colours.slice(1285 + 5, 1285 + 6)).isEqualTo(average(second, 5));
  }

  @Test
  void meanAndDeviationAreThoseOfThePixels() {
    ImageBatch colours = manifest.colours(target("two"));
    double sum = 0;
    for (float colour : colours.pixels()) {
      sum += colour;
    }
    assertThat(manifest.means().get(0)).isCloseTo(sum / 9000, within(1e-3));
    assertThat(manifest.deviations().get(0)).isBetween(80.0, 100.0);
  }

  @Test
  void filesAreTheSameBytesOnAnyMaster() throws IOException {
    List<String> names = names("two");
    assertThat(names)
        .hasSize(7 + 1 + 2)
        .contains("shard-00006.parquet", "heldout-00000.parquet", "colours.f32", "manifest.json");
    assertThat(names("one")).isEqualTo(names);
    for (String name : names) {
      assertThat(root.resolve("one").resolve(name))
          .hasSameBinaryContentAs(root.resolve("two").resolve(name));
    }
  }

  @Test
  void refusesADamagedShard() throws IOException {
    Manifest.Shard shard = manifest.heldOutShards().get(0);
    ShardFile.verify(target("two"), shard);
    Path copy = Files.createDirectory(root.resolve("copy"));
    byte[] bytes = Files.readAllBytes(root.resolve("two").resolve(shard.file()));
    bytes[bytes.length / 2] ^= 1;
    Files.write(copy.resolve(shard.file()), bytes);
    assertThatThrownBy(() -> ShardFile.verify(copy.toString(), shard))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("SHA-256 is")
        .hasMessageContaining(shard.sha256());
    Files.write(copy.resolve(shard.file()), new byte[100]);
    assertThatThrownBy(() -> ShardFile.read(copy.toString(), shard))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot read shard: heldout-00000.parquet in " + copy);
    Manifest.Shard longer =
        new Manifest.Shard(shard.file(), shard.split(), 1001, shard.bytes(), shard.sha256());
    assertThatThrownBy(() -> ShardFile.read(target("two"), longer))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot read shard: heldout-00000.parquet: 1000 images (must be 1001)");
  }

  private static Manifest prepare(String master, String name) {
    try (SparkSession spark =
        SparkSession.builder().master(master).config("spark.ui.enabled", "false").getOrCreate()) {
      return Preparation.prepare(
          spark,
          new DataSettings(
              "fashion-mnist-10k",
              target(name),
              7,
              0.1,
              new ImageShape(1, 32),
              ImageFit.PAD,
              0,
              0,
              1L));
    }
  }

  private static String target(String name) {
    return root.resolve(name).toString();
  }

  private static List<String> names(String name) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(name))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static ImageBatch average(ImageBlock block, int image) {
    return GridLadder.average(block.batch(new int[] {image}, PixelRange.BYTES), 1);
  }
}
