package org.gridscape.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.Partitioner;

/**
 * The ordered images of a data set cut into consecutive runs, one a file: those of the training
 * split first, then those of the held-out split.
 *
 * <p>Only the first key of each run travels to the executors. As a partitioner it sends every key
 * to the run that holds it, so that a file never depends on the order in which images arrive.
 */
final class Runs extends Partitioner {
  private static final long serialVersionUID = 1L;
  private static final int HELD_OUT_ROWS = 4096;
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  private final OrderKey[] firstKeys;
  private final String[] files;
  private final int trainFiles;
  private final int[] rows;

  private Runs(OrderKey[] firstKeys, String[] files, int trainFiles, int[] rows) {
    this.firstKeys = firstKeys;
    this.files = files;
    this.trainFiles = trainFiles;
    this.rows = rows;
  }

  /**
   * Cuts the images.
   *
   * @param keys all images, ascending
   * @throws DataException if there are fewer training images than shards, or so many in one that a
   *     reader could not hold it
   */
  static Runs cut(List<OrderKey> keys, DataSettings settings) {
    int heldOut = (int) Math.round(settings.heldOut() * keys.size());
    int train = keys.size() - heldOut;
    if (settings.shards() > train) {
      throw new DataException(
          "Invalid shards: %d (must be at most the %d training images)"
              .formatted(settings.shards(), train));
    }
    long fewest = (long) train * settings.shape().size() / MOST_BYTES + 1;
    if (settings.shards() < fewest) {
      throw new DataException(
          "Invalid shards: %d (must be at least %d, so that the pixels of a shard fit into 2 GiB)"
              .formatted(settings.shards(), fewest));
    }
    return new Cut(keys, train, settings.shards()).runs();
  }

  /** Gathers the runs of both splits. */
  private static final class Cut {
    private final List<OrderKey> keys;
    private final int train;
    private final int shards;
    private final List<OrderKey> firstKeys = new ArrayList<>();
    private final List<Integer> rows = new ArrayList<>();
    private final List<String> files = new ArrayList<>();

    Cut(List<OrderKey> keys, int train, int shards) {
      this.keys = keys;
      this.train = train;
      this.shards = shards;
    }

    Runs runs() {
      int heldOut = keys.size() - train;
      add("shard", 0, train, shards);
      add("heldout", train, heldOut, (heldOut + HELD_OUT_ROWS - 1) / HELD_OUT_ROWS);
      return new Runs(
          firstKeys.toArray(OrderKey[]::new),
          files.toArray(String[]::new),
          shards,
          rows.stream().mapToInt(Integer::intValue).toArray());
    }

    private void add(String name, int offset, int count, int runs) {
      for (int run = 0; run < runs; run++) {
        int start = (int) ((long) run * count / runs);
        int end = (int) ((run + 1L) * count / runs);
        firstKeys.add(keys.get(offset + start));
        rows.add(end - start);
        files.add(name + "-%05d.parquet".formatted(run));
      }
    }
  }

  @Override
  public int numPartitions() {
    return files.length;
  }

  @Override
  public int getPartition(Object key) {
    int found = Arrays.binarySearch(firstKeys, key);
    return found >= 0 ? found : -found - 2;
  }

  /** The final names of the files, in order. */
  List<String> files() {
    return List.of(files);
  }

  /** Images in a run. */
  int rows(int run) {
    return rows[run];
  }

  /** The split that a run belongs to. */
  String split(int run) {
    return run < trainFiles ? Manifest.TRAIN : Manifest.HELD_OUT;
  }

  /** The number of a run within its split. */
  int shard(int run) {
    return run < trainFiles ? run : run - trainFiles;
  }
}
