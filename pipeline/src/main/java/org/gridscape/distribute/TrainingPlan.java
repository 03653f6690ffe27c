package org.gridscape.distribute;

import java.io.Serializable;
import java.util.List;
import org.gridscape.dataset.Manifest;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.Network;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.langevin.ChainStart;
import org.gridscape.learning.LearningSettings;
import org.gridscape.storage.Patience;

/**
 * Everything that tasks need to know and that stays the same for a run. Sent to executors once.
 *
 * @param dataFolder folder of the prepared data set, readable from every executor
 * @param shards training shards, in order; one task each
 * @param networks one a grid, coarse to fine
 * @param generator what lies between the grids
 * @param learning how a cell learns
 * @param engine computes f
 * @param cellSize images a cell
 * @param cellsPerShard cells that each shard contributes to an iteration
 * @param taskThreads cells that a task computes at once
 * @param sum where the shards' arrays are added up
 * @param imageCache bytes of images that an executor holds in memory, at least 1 MiB; images beyond
 *     them are read from its local disk
 * @param patience with the store of the data set
 */
public record TrainingPlan(
    String dataFolder,
    List<Manifest.Shard> shards,
    List<GridNetwork> networks,
    GeneratorSpec generator,
    LearningSettings learning,
    EngineKind engine,
    int cellSize,
    int cellsPerShard,
    int taskThreads,
    SumLimits sum,
    long imageCache,
    Patience patience)
    implements Serializable {
  private static final long SMALLEST_CACHE = 1 << 20;

  /**
   * Where the shards' arrays are added up. It changes the order of additions, so it belongs to a
   * run as its seed does.
   *
   * @param driverBytes that all shards together may send to the driver; more are added up in groups
   *     by executors first
   * @param fanIn consecutive shards of a group, at least 2
   */
  public record SumLimits(long driverBytes, int fanIn) implements Serializable {
    /** Rejects groups that add up nothing. */
    public SumLimits {
      if (driverBytes < 0 || fanIn < 2) {
        throw new IllegalArgumentException(
            "Invalid training.sum: driverBytes %d, fanIn %d (must be >= 0 and >= 2)"
                .formatted(driverBytes, fanIn));
      }
    }
  }

  /** Rejects plans whose parts do not fit. */
  public TrainingPlan {
    shards = List.copyOf(shards);
    networks = List.copyOf(networks);
    if (networks.size() != learning.ladder().grids()) {
      throw new IllegalArgumentException(
          "Invalid networks: %d (must be one for each of the grids %s)"
              .formatted(networks.size(), learning.ladder().gridSides()));
    }
    if (generator.isHidden() != learning.start() instanceof ChainStart.Hidden) {
      throw new IllegalArgumentException(
          "Invalid generator.hiddenSide: %d (must be the side of a thumbnail where training.start is hidden, else 0)"
              .formatted(generator.hiddenSide()));
    }
    learning.penalty().requireComputable(networks);
    if (taskThreads < 1) {
      throw new IllegalArgumentException(
          "Invalid task threads: " + taskThreads + " (must be >= 1)");
    }
    requireImageCache(imageCache);
    int needed = cellSize * cellsPerShard;
    for (Manifest.Shard shard : shards) {
      if (shard.rows() < needed) {
        throw new IllegalArgumentException(
            "Invalid batch: %d images a shard and iteration (must be at most the %d of %s)"
                .formatted(needed, shard.rows(), shard.file()));
      }
    }
  }

  /**
   * Checks a bound of the image cache.
   *
   * @throws IllegalArgumentException if it is too small
   */
  public static void requireImageCache(long bytes) {
    if (bytes < SMALLEST_CACHE) {
      throw new IllegalArgumentException(
          "Invalid cluster.imageCache: %d bytes (must be at least 1 MiB)".formatted(bytes));
    }
  }

  /**
   * Cells that each shard contributes to a batch.
   *
   * @throws IllegalArgumentException unless batch = shards x cells per shard x cell size
   */
  public static int cellsPerShard(int batch, int shards, int cellSize) {
    if (cellSize < 1 || batch < 1 || batch % (shards * cellSize) != 0) {
      throw new IllegalArgumentException(
          ("Invalid training.batch: %d with training.cellSize %d and data.shards %d"
                  + " (must be shards x cells per shard x cell size)")
              .formatted(batch, cellSize, shards));
    }
    return batch / (shards * cellSize);
  }

  /** Images of an iteration. */
  public int batch() {
    return shards.size() * cellsPerShard * cellSize;
  }

  /** Whether the driver adds up the shards' arrays by itself. */
  boolean sumsOnDriver(long bytesAShard) {
    return shards.size() * bytesAShard <= sum.driverBytes();
  }

  /** All networks in the order of their parameters: the grids', then the generator's. */
  public List<Network> allNetworks() {
    return generator.after(networks);
  }

  /** Parameters of all networks together. */
  public long parameterCount() {
    return allNetworks().stream().mapToLong(Network::parameterCount).sum();
  }
}
