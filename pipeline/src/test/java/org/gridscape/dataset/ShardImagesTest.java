package org.gridscape.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.PixelRange;
import org.gridscape.storage.FaultyFileSystem;
import org.gridscape.storage.FaultyFileSystem.Operation;
import org.gridscape.storage.LocalBytes;
import org.gridscape.storage.Patience;
import org.gridscape.storage.TestTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of a shard on disk and in memory, against the block that was written. */
class ShardImagesTest {
  private static final int ROWS = 500;
  private static final ImageBlock BLOCK = DrawnShard.images(ROWS, 3);
  private static final Patience ONCE = new Patience(Duration.ZERO);
  private static final int[] SOME = {ROWS - 1, 0, 17, 17, 255};

  @TempDir private Path folder = Path.of("unset");
  private Path scratch = Path.of("unset");
  private Manifest.Shard shard = new Manifest.Shard("unset", "", 0, 0, "");

  @BeforeEach
  void writeShard() throws IOException {
    scratch = Files.createDirectory(folder.resolve("scratch"));
    shard = DrawnShard.write(folder, "shard-00000.parquet", BLOCK);
  }

  @Test
  void imagesAndIdsAreThoseOfTheBlockOnDiskAndInMemory() {
    try (ShardImages images = read()) {
      assertThat(images.count()).isEqualTo(ROWS);
      assertThat(images.inMemory()).isFalse();
      assertThatAllAreThere(images);
      assertThat(images.copyToMemory()).isTrue();
      assertThat(images.inMemory()).isTrue();
      assertThatAllAreThere(images);
      images.dropCopy();
      assertThat(images.inMemory()).isFalse();
      assertThatAllAreThere(images);
    }
  }

  private static void assertThatAllAreThere(ShardImages images) {
    int[] all = IntStream.range(0, ROWS).toArray();
    for (int[] rows : List.of(all, SOME)) {
      assertThat(images.batch(rows, PixelRange.SIGNED_UNIT))
          .isEqualTo(BLOCK.batch(rows, PixelRange.SIGNED_UNIT));
      assertThat(images.ids(rows))
          .isEqualTo(Arrays.stream(rows).mapToObj(BLOCK.ids()::get).toList());
    }
  }

  @Test
  void ordersAreMadeOnceAndDoNotTouchTheImages() {
    List<Object> made = new ArrayList<>();
    try (ShardImages images = read()) {
      assertThat(part(images, 0, "first", 1, made)).containsExactly(1, 2, 3);
      assertThat(part(images, 1, "second", 2, made)).containsExactly(2, 4, 6);
      assertThat(part(images, 0, "first", 1, made)).containsExactly(1, 2, 3);
      images.copyToMemory();
      assertThat(part(images, 1, "second", 2, made)).containsExactly(2, 4, 6);
      assertThat(part(images, 0, "third", 3, made)).containsExactly(3, 6, 9);
      images.dropCopy();
      assertThat(part(images, 0, "third", 3, made)).containsExactly(3, 6, 9);
      assertThat(made).containsExactly("first", "second", "third");
      assertThatAllAreThere(images);
    }
  }

  private static int[] part(
      ShardImages images, int slot, String key, int factor, List<Object> made) {
    return images.ordered(
        slot,
        key,
        () -> {
          made.add(key);
          return IntStream.range(0, ROWS).map(row -> factor * row).toArray();
        },
        1,
        4);
  }

  @Test
  void scratchFilesHaveNoNames() throws IOException {
    try (ShardImages images = read();
        Stream<Path> files = Files.list(scratch)) {
      assertThat(images.length()).isGreaterThan((long) ROWS * DrawnShard.SHAPE.size());
      assertThat(files).isEmpty();
    }
  }

  @Test
  void anInterruptedThreadStillReads() {
    try (ShardImages images = read()) {
      Thread.currentThread().interrupt();
      assertThat(images.ids(SOME)).hasSize(SOME.length);
      assertThat(Thread.interrupted()).isTrue();
      assertThatAllAreThere(images);
    }
  }

  @Test
  void namesAShardThatIsMissingChangedOrTorn() throws IOException {
    Path file = folder.resolve(shard.file());
    byte[] whole = Files.readAllBytes(file);
    byte[] changed = whole.clone();
    changed[100] ^= 1;
    Files.write(file, changed);
    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "Cannot read shard: shard-00000.parquet in %s: SHA-256 is [0-9a-f]{64} \\(must be %s\\)"
                .formatted(folder, shard.sha256()));
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot read shard: shard-00000.parquet in %s: SHA-256 is ", folder);
    Files.delete(file);
    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot read shard: shard-00000.parquet in %s: ", folder)
        .hasMessageContaining(file + " does not exist");
    Files.write(file, whole);
    read().close();
  }

  @Test
  void aStoreThatFailsIsWaitedForAndNamedInTheEnd() throws IOException {
    String store = "faulty:" + folder;
    TestTime time = new TestTime();
    Patience minute = new Patience(Duration.ofSeconds(60), time);
    FaultyFileSystem.fail(Operation.OPEN, shard.file(), "no route to host", 3);
    try (ShardImages images = ShardImages.read(store, shard, minute, scratch)) {
      assertThatAllAreThere(images);
    }
    assertThat(time.pauses()).hasSize(3);
    FaultyFileSystem.fail(Operation.OPEN, shard.file(), "no route to host", 2);
    LocalBytes bytes = LocalBytes.scratch(scratch);
    try (ShardImages images = ShardImages.read(store, shard, minute, "decoding", bytes)) {
      assertThatAllAreThere(images);
    }
    assertThat(time.pauses()).hasSize(5);
    FaultyFileSystem.fail(Operation.OPEN, shard.file(), "no route to host", 1000);
    assertThatThrownBy(() -> ShardImages.read(store, shard, minute, scratch))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot read shard: shard-00000.parquet in %s: no route to host (tried 13 times in 60.0"
                + " s)",
            store);
    FaultyFileSystem.heal();
  }

  @Test
  void refusesAnotherNumberOfImages() {
    for (int rows : new int[] {ROWS - 1, ROWS + 1}) {
      Manifest.Shard stated =
          new Manifest.Shard(shard.file(), shard.split(), rows, shard.bytes(), shard.sha256());
      assertThatThrownBy(() -> ShardImages.read(folder.toString(), stated, ONCE, scratch))
          .isInstanceOf(DataException.class)
          .hasMessage("Cannot read shard: shard-00000.parquet: %d images (must be %d)", ROWS, rows);
    }
  }

  @Test
  void namesAScratchFolderThatIsMissingOrFull() throws IOException {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> ShardImages.read(folder.toString(), shard, ONCE, missing))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot keep shard: shard-00000.parquet of %s in %s: no such folder", folder, missing);
    try (RandomAccessFile full = new RandomAccessFile("/dev/full", "rw")) {
      LocalBytes bytes = new LocalBytes(full);
      assertThatThrownBy(
              () -> ShardImages.read(folder.toString(), shard, ONCE, "s of d in t", bytes))
          .isInstanceOf(DataException.class)
          .hasMessage("Cannot keep shard: s of d in t: No space left on device");
      assertThat(full.getChannel().isOpen()).isFalse();
    }
  }

  @Test
  void theFirstImagesAreReadAlone() {
    ImageBlock first = ShardFile.first(folder.toString(), shard, 3);
    int[] rows = {0, 1, 2};
    assertThat(first.ids()).isEqualTo(BLOCK.ids().subList(0, 3));
    assertThat(first.labels()).isEqualTo(Arrays.copyOf(BLOCK.labels(), 3));
    assertThat(first.batch(rows, PixelRange.BYTES)).isEqualTo(BLOCK.batch(rows, PixelRange.BYTES));
    assertThat(ShardFile.first(folder.toString(), shard, ROWS + 9).count()).isEqualTo(ROWS);
  }

  private ShardImages read() {
    return ShardImages.read(folder.toString(), shard, ONCE, scratch);
  }
}
