package org.gridscape.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.gridscape.storage.LocalBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedCacheTest {
  private final AtomicInteger loads = new AtomicInteger();
  @TempDir private Path folder = Path.of("unset");

  @Test
  void loadsOnceHoweverManyThreadsRead() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        tasks.add(() -> read("one of " + this, "00001"));
      }
      for (Future<Integer> task : threads.invokeAll(tasks)) {
        assertThat(task.get()).isEqualTo(8);
      }
    } finally {
      threads.shutdown();
    }
    assertThat(loads).hasValue(1);
  }

  @Test
  void loadsAgainWhatFailed() throws IOException {
    assertThatThrownBy(
            () ->
                PackedCache.names(
                    this,
                    () -> {
                      throw new IOException("a bad moment");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("a bad moment");
    assertThat(PackedCache.names(this, this::load)).containsExactly("00000", "00001");
  }

  @Test
  void keepsTwoThatNobodyReadsAndAllThatAreRead() throws IOException {
    try (ImageSource.Reader held = PackedCache.open("held" + this, this::load)) {
      for (int source = 0; source < 5; source++) {
        read(source + " of " + this, "00000");
      }
      assertThat(loads).hasValue(6);
      read("4 of " + this, "00000");
      read("3 of " + this, "00000");
      assertThat(loads).hasValue(6);
      read("2 of " + this, "00000");
      assertThat(loads).hasValue(7);
      assertThat(held.read("00001").pixels().width()).isEqualTo(1);
    }
    assertThat(read("2 of " + this, "00001")).isEqualTo(8);
  }

  private int read(String source, String name) throws IOException {
    try (ImageSource.Reader reader = PackedCache.open(source, this::load)) {
      float[] row = new float[1];
      reader.read(name).pixels().readRow(0, 0, row);
      return (int) row[0];
    }
  }

  private PackedImages load() throws IOException {
    loads.incrementAndGet();
    LocalBytes bytes = LocalBytes.scratch(folder);
    bytes.write(0, new byte[] {7, 8}, 2);
    return new PackedImages(
        ImageIndex.of(2, 0, 1),
        bytes,
        image -> new BytePixels(1, 1, 1, BytePixels.Layout.PLANAR, image),
        "absent");
  }
}
