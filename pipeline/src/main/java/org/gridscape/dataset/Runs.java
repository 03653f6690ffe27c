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
   * @throws DataException if there are fewer training images than shards
   */
  static Runs cut(List<OrderKey> keys, DataSettings settings) {
    int heldOut = (int) Math.round(settings.heldOut() * keys.size());
    int train = keys.size() - heldOut;
    if (settings.shards() > train) {
      throw new DataException(
          "Invalid shards: %d (must be at most the %d training images)"
              .formatted(settings.shards(), train));
    }
    int heldOutFiles = (heldOut + HELD_OUT_ROWS - 1) / HELD_OUT_ROWS;
    List<OrderKey> firstKeys = new ArrayList<>();
    List<String> files = new ArrayList<>();
    int[] rows = new int[settings.shards() + heldOutFiles];
    for (int run = 0; run < rows.length; run++) {
      boolean training = run < settings.shards();
      int index = training ? run : run - settings.shards();
      int count = training ? train : heldOut;
      int runs = training ? settings.shards() : heldOutFiles;
      int start = start(index, count, runs);
      firstKeys.add(keys.get(training ? start : train + start));
      files.add((training ? "shard" : "heldout") + "-%05d.parquet".formatted(index));
      rows[run] = start(index + 1, count, runs) - start;
    }
    return new Runs(
        firstKeys.toArray(OrderKey[]::new), files.toArray(String[]::new), settings.shards(), rows);
  }

  private static int start(int run, int count, int runs) {
    return (int) ((long) run * count / runs);
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
