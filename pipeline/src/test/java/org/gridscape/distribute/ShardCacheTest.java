package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.gridscape.dataset.DataException;
import org.gridscape.dataset.DrawnShard;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardImages;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.PixelRange;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Six shards of about 80 kB in memory, under several bounds. */
class ShardCacheTest {
  private static final int SHARDS = 6;
  private static final int ROWS = 350;
  private static final int THREADS = 8;

  @TempDir private static Path folder = Path.of("unset");
  private static final List<ImageBlock> BLOCKS = new ArrayList<>();
  private static final List<Manifest.Shard> FILES = new ArrayList<>();
  private static long length;

  @BeforeAll
  static void writeShards() {
    for (int i = 0; i < SHARDS; i++) {
      BLOCKS.add(DrawnShard.images(ROWS, i));
      FILES.add(DrawnShard.write(folder, "shard-%05d.parquet".formatted(i), BLOCKS.get(i)));
    }
    length =
        FILES.stream().mapToLong(file -> cache(0).use(file, ShardImages::length)).max().orElse(0);
  }

  @Test
  void manyThreadsGetTheRowsOfTheBlocksWithinTheBound()
      throws ExecutionException, InterruptedException {
    ShardCache cache = cache(3 * length);
    List<Future<?>> threads = new ArrayList<>();
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    for (int thread = 0; thread < THREADS; thread++) {
      Random random = new Random(thread);
      threads.add(
          executor.submit(
              () -> {
                for (int turn = 0; turn < 300; turn++) {
                  int shard = random.nextInt(SHARDS);
                  int[] rows = random.ints(5, 0, ROWS).toArray();
                  assertThatRowsAreThoseOfTheBlock(cache, shard, rows);
                  assertThat(cache.bytesInMemory()).isLessThanOrEqualTo(3 * length);
                }
              }));
    }
    for (Future<?> thread : threads) {
      thread.get();
    }
    executor.shutdown();
    assertThat(inMemory(cache, 0, 1, 2, 3, 4, 5)).hasSize(3);
    cache.close();
  }

  private static void assertThatRowsAreThoseOfTheBlock(ShardCache cache, int shard, int[] rows) {
    ImageBlock block = BLOCKS.get(shard);
    cache.use(
        FILES.get(shard),
        images -> {
          assertThat(images.batch(rows, PixelRange.BYTES))
              .isEqualTo(block.batch(rows, PixelRange.BYTES));
          return assertThat(images.ids(rows))
              .isEqualTo(Arrays.stream(rows).mapToObj(block.ids()::get).toList());
        });
  }

  @Test
  void theLeastRecentlyUsedLeavesMemoryAndStaysReadable() {
    ShardCache cache = cache(2 * length);
    use(cache, 0);
    use(cache, 1);
    assertThat(inMemory(cache, 1, 0)).containsExactly(1, 0);
    use(cache, 2);
    assertThat(inMemory(cache, 0, 1, 2)).containsExactly(0, 2);
    assertThatRowsAreThoseOfTheBlock(cache, 1, new int[] {7, 5});
    assertThat(inMemory(cache, 0, 1, 2)).as("no shard comes back").containsExactly(0, 2);
    cache.close();
    assertThat(cache.bytesInMemory()).isZero();
  }

  @Test
  void aShardLargerThanTheBoundStaysOnDiskAndPushesNothingOut() {
    ShardCache cache = cache(length);
    use(cache, 0);
    Path larger = folder.resolve("shard-00009.parquet");
    Manifest.Shard file =
        DrawnShard.write(folder, larger.getFileName().toString(), DrawnShard.images(2 * ROWS, 9));
    assertThat(cache.<Boolean>use(file, ShardImages::inMemory)).isFalse();
    assertThat(inMemory(cache, 0)).containsExactly(0);
    cache.close();
  }

  /** Deleted once it was read, the shard cannot be read again. */
  @Test
  void readsAShardOnceForAllThreads(@TempDir Path own) throws Exception {
    Manifest.Shard file = DrawnShard.write(own, "shard-00000.parquet", BLOCKS.get(0));
    ShardCache cache = new ShardCache(own.toString(), List.of(file), TinyRun.PATIENCE, length);
    List<Future<ShardImages>> found = new ArrayList<>();
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    for (int thread = 0; thread < THREADS; thread++) {
      found.add(executor.submit(() -> cache.use(file, images -> images)));
    }
    for (Future<ShardImages> images : found) {
      assertThat(images.get()).isSameAs(found.get(0).get());
    }
    executor.shutdown();
    Files.delete(own.resolve("shard-00000.parquet"));
    assertThat(cache.<Integer>use(file, ShardImages::count)).isEqualTo(ROWS);
    cache.close();
  }

  @Test
  void aShardThatCouldNotBeReadIsTriedAgain(@TempDir Path own) throws IOException {
    Manifest.Shard file = DrawnShard.write(own, "shard-00000.parquet", BLOCKS.get(0));
    Path path = own.resolve("shard-00000.parquet");
    Path away = Files.move(path, own.resolve("away"));
    ShardCache cache = new ShardCache(own.toString(), List.of(file), TinyRun.PATIENCE, length);
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> cache.use(file, ShardImages::count))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("shard-00000.parquet in " + own)
          .hasMessageContaining("does not exist");
    }
    assertThat(cache.bytesInMemory()).isZero();
    Files.move(away, path);
    assertThat(cache.<Integer>use(file, ShardImages::count)).isEqualTo(ROWS);
    assertThat(cache.bytesInMemory()).isEqualTo(cache.use(file, ShardImages::length));
    cache.close();
  }

  @Test
  void aClosedCacheWaitsForThoseWhoRead() {
    ShardCache cache = cache(length);
    cache.use(
        FILES.get(0),
        images -> {
          cache.close();
          assertThatRowsAreThoseOfTheBlock(cache, 0, new int[] {3});
          return assertThat(images.ids(new int[] {3})).containsExactly(BLOCKS.get(0).ids().get(3));
        });
    assertThat(cache.bytesInMemory()).isZero();
    assertThatRowsAreThoseOfTheBlock(cache, 0, new int[] {3});
    assertThat(cache.bytesInMemory()).isZero();
  }

  private static ShardCache cache(long bound) {
    return new ShardCache(folder.toString(), FILES, TinyRun.PATIENCE, bound);
  }

  private static void use(ShardCache cache, int shard) {
    assertThatRowsAreThoseOfTheBlock(cache, shard, new int[] {0});
  }

  /** Which of these shards are in memory; all are used by that, in order. */
  private static List<Integer> inMemory(ShardCache cache, Integer... shards) {
    return Stream.of(shards)
        .filter(shard -> cache.<Boolean>use(FILES.get(shard), ShardImages::inMemory))
        .toList();
  }
}
