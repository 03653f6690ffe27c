package org.gridscape.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gridscape.dataset.DataException;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.ShardCache;
import org.gridscape.features.Raster;
import org.gridscape.image.ImageShape;
import org.gridscape.storage.Patience;

/**
 * The images of a prepared data set, or of one of its splits. Their order is random already, so
 * pieces are runs of rows.
 *
 * @param folder of the data set
 * @param manifest of it
 * @param split {@link Manifest#TRAIN}, {@link Manifest#HELD_OUT}, or {@link #ALL}
 * @param patience with the store of the data set
 */
public record PreparedImages(String folder, Manifest manifest, String split, Patience patience)
    implements ImageSet {
  /** Both splits. */
  public static final String ALL = "all";

  /** Images that a process holds in memory, in bytes; the others are read from local files. */
  private static final long MEMORY = 256L << 20;

  /** Rejects a split that is unknown or empty. */
  public PreparedImages {
    if (!List.of(Manifest.TRAIN, Manifest.HELD_OUT, ALL).contains(split)) {
      throw new IllegalArgumentException(
          "Invalid split: %s (must be %s, %s or %s)"
              .formatted(split, Manifest.TRAIN, Manifest.HELD_OUT, ALL));
    }
    if (shards(manifest, split).isEmpty()) {
      throw new DataException("Cannot evaluate %s: no images in split %s".formatted(folder, split));
    }
  }

  private static List<Manifest.Shard> shards(Manifest manifest, String split) {
    return manifest.shards().stream()
        .filter(shard -> split.equals(ALL) || shard.split().equals(split))
        .toList();
  }

  private List<Manifest.Shard> shards() {
    return shards(manifest, split);
  }

  @Override
  public String name() {
    return "%s (%s)".formatted(folder, split);
  }

  @Override
  public String fingerprint() {
    return manifest.fingerprint() + " " + split;
  }

  @Override
  public int count() {
    return shards().stream().mapToInt(Manifest.Shard::rows).sum();
  }

  @Override
  public List<Piece> cut(int pieces) {
    List<Manifest.Shard> shards = shards();
    int largest = Math.max(1, (count() + pieces - 1) / pieces);
    List<Piece> parts = new ArrayList<>();
    int before = 0;
    for (int shard = 0; shard < shards.size(); shard++) {
      int rows = shards.get(shard).rows();
      // Shards cut one by one may have a piece more each than all of them cut at once.
      int cut = Math.max(1, rows / largest);
      for (int i = 0; i < cut; i++) {
        int from = (int) ((long) rows * i / cut);
        int to = (int) ((long) rows * (i + 1) / cut);
        parts.add(new Part(folder, shards, patience, shard, from, to, before));
      }
      before += rows;
    }
    return parts;
  }

  /**
   * Rows of one shard.
   *
   * @param shard index of the file
   * @param from first row
   * @param to the row after the last
   * @param before images of the shards before
   */
  private record Part(
      String folder,
      List<Manifest.Shard> shards,
      Patience patience,
      int shard,
      int from,
      int to,
      int before)
      implements Piece {

    @Override
    public int[] numbers() {
      return IntStream.range(before + from, before + to).toArray();
    }

    @Override
    public void read(RasterSink sink) {
      ShardCache.of(folder, shards, patience, MEMORY)
          .use(
              shards.get(shard),
              images -> {
                ImageShape shape = images.shape();
                for (int row = from; row < to; row++) {
                  sink.add(
                      new Raster(shape.channels(), shape.side(), shape.side(), images.pixels(row)));
                }
                return to - from;
              });
    }
  }
}
