package org.gridscape.distribute;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardImages;
import org.gridscape.storage.Patience;
import org.gridscape.storage.ScratchFolders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards that this process has read, in a bounded part of its memory. Runs on executors.
 *
 * <p>A shard is read from its store once, however many threads ask for it; one that cannot be read
 * is tried again by the next. It then lies decoded in a file in one of Spark's local folders. Those
 * read last are copied to memory too, as far as the bound allows; a shard that must make room is
 * read from its file from then on and never comes back, since every iteration asks for every shard.
 *
 * <p>An image of 32x32 with its id took 1.3 to 1.8 us of processor time from memory and 5 to 6 us
 * from a file in the page cache of the system, whatever the size of the shard (AMD EPYC, Zen 3); a
 * chain takes milliseconds. So nothing is gained by bringing shards back, and files are read, not
 * mapped: mapped pages would count as memory of the executor.
 *
 * <p>A process keeps the shards of one plan at a time.
 */
public final class ShardCache {
  private static final Logger LOG = LoggerFactory.getLogger(ShardCache.class);

  /** A bound over this share of the heap would leave too little for everything else. */
  private static final int SHARE_OF_HEAP = 4;

  private static ShardCache current = new ShardCache("", List.of(), new Patience(Duration.ZERO), 0);

  private final String folder;
  private final List<Manifest.Shard> shards;
  private final Patience patience;
  private final long bound;

  /** Least recently used first. */
  private final Map<Manifest.Shard, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private long bytesInMemory;
  private boolean closed;

  /** A shard, its images once they are read, and how many threads use it now. */
  private static final class Entry {
    private Optional<ShardImages> images = Optional.empty();
    private int users;
  }

  /**
   * An empty cache.
   *
   * @param folder of the data set
   * @param shards of the plan
   * @param patience with its store
   * @param bound bytes in memory
   */
  ShardCache(String folder, List<Manifest.Shard> shards, Patience patience, long bound) {
    this.folder = folder;
    this.shards = shards;
    this.patience = patience;
    this.bound = bound;
  }

  /** The cache of this process, emptied if it was that of another plan. */
  static ShardCache of(TrainingPlan plan) {
    return of(plan.dataFolder(), plan.shards(), plan.patience(), plan.imageCache());
  }

  /**
   * The cache of this process, emptied if it was of other shards.
   *
   * @param folder of the data set
   * @param shards that will be asked for
   * @param patience with its store
   * @param most bytes in memory; never more than a quarter of the heap
   */
  public static synchronized ShardCache of(
      String folder, List<Manifest.Shard> shards, Patience patience, long most) {
    long bound = Math.min(most, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    if (!current.folder.equals(folder)
        || !current.shards.equals(shards)
        || current.bound != bound) {
      current.close();
      current = new ShardCache(folder, shards, patience, bound);
    }
    return current;
  }

  /**
   * Lends the images of a shard for the length of {@code work}.
   *
   * @throws org.gridscape.dataset.DataException if they cannot be read
   */
  public <T> T use(Manifest.Shard shard, Function<ShardImages, T> work) {
    Entry entry = enter(shard);
    try {
      return work.apply(images(shard, entry));
    } finally {
      leave(shard, entry);
    }
  }

  private synchronized Entry enter(Manifest.Shard shard) {
    Entry entry = entries.computeIfAbsent(shard, absent -> new Entry());
    entry.users++;
    return entry;
  }

  private synchronized void leave(Manifest.Shard shard, Entry entry) {
    entry.users--;
    if (entry.users == 0 && (closed || entry.images.isEmpty())) {
      forget(entry);
      entries.remove(shard);
    }
  }

  private void forget(Entry entry) {
    if (entry.images.isPresent()) {
      drop(entry.images.get());
      entry.images.get().close();
    }
  }

  /** Threads wait for the one that reads. */
  private ShardImages images(Manifest.Shard shard, Entry entry) {
    synchronized (entry) {
      if (entry.images.isPresent()) {
        return entry.images.get();
      }
      ShardImages read =
          ShardImages.read(folder, shard, patience, ScratchFolders.of(shard.sha256()));
      keep(entry, read);
      LOG.debug(
          "shard read file={} bytes={} inMemory={}", shard.file(), read.length(), read.inMemory());
      return read;
    }
  }

  private synchronized void keep(Entry entry, ShardImages read) {
    entry.images = Optional.of(read);
    long length = read.length();
    if (length > bound) {
      return;
    }
    for (Entry other : entries.values()) {
      if (bytesInMemory + length <= bound) {
        break;
      }
      other.images.ifPresent(this::drop);
    }
    if (read.copyToMemory()) {
      bytesInMemory += length;
    }
  }

  private void drop(ShardImages images) {
    if (images.inMemory()) {
      images.dropCopy();
      bytesInMemory -= images.length();
    }
  }

  /** Bytes of images in memory. */
  synchronized long bytesInMemory() {
    return bytesInMemory;
  }

  /** Frees memory and files, those in use as soon as they are not. */
  synchronized void close() {
    closed = true;
    entries.values().stream().filter(entry -> entry.users == 0).forEach(this::forget);
    entries.values().removeIf(entry -> entry.users == 0);
  }
}
