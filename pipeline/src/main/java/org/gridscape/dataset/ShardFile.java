package org.gridscape.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.gridscape.image.ImageBlock;
import org.gridscape.storage.Patience;

/**
 * Reads one file of a data set, on the driver or in an executor; no Spark session is needed.
 *
 * <p>Columns: {@code id} string, {@code label} int or null, {@code channels}, {@code height},
 * {@code width} int, {@code codec} string ({@value #CODEC}), {@code layout} string ({@value
 * #LAYOUT}), {@code pixels} binary, {@code split} string, {@code shard} int.
 */
public final class ShardFile {
  /** One unsigned byte a value, not compressed by itself. */
  static final String CODEC = "raw-u8";

  /** Channel by channel, row by row. */
  static final String LAYOUT = "CHW";

  private static final Patience ONCE = new Patience(Duration.ZERO);

  private ShardFile() {}

  /**
   * All images of a file, in their order.
   *
   * @param folder the data set's folder
   * @param shard the file, from the manifest
   * @throws DataException if the file is missing, damaged, or holds something else
   */
  public static ImageBlock read(String folder, Manifest.Shard shard) {
    BlockSink block = new BlockSink(shard.rows());
    read(folder, shard, block);
    return block.block();
  }

  /**
   * The first images of a file; the others are not read.
   *
   * @param most how many, at least 1
   * @return that many, or all if there are fewer
   * @throws DataException if the file is missing, damaged, or holds something else
   */
  public static ImageBlock first(String folder, Manifest.Shard shard, int most) {
    int rows = Math.min(most, shard.rows());
    BlockSink block = new BlockSink(rows);
    read(folder, shard, ONCE, reader -> ShardRows.read(reader, shard, rows, block));
    return block.block();
  }

  /**
   * Hands all images of a file to a sink, one at a time: no more than a row group is in memory.
   *
   * @throws DataException if the file is missing, damaged, or holds something else
   */
  static void read(String folder, Manifest.Shard shard, RowSink sink) {
    read(folder, shard, sink, ONCE);
  }

  /** As above, from the start again while a store that fails may recover. */
  static void read(String folder, Manifest.Shard shard, RowSink sink, Patience patience) {
    read(folder, shard, patience, reader -> ShardRows.read(reader, shard, sink));
  }

  /** Reads from an open file. */
  private interface Reading {
    void from(ParquetReader<Group> reader) throws IOException;
  }

  private static void read(
      String folder, Manifest.Shard shard, Patience patience, Reading reading) {
    patiently(
        folder,
        shard,
        patience,
        () -> {
          Path path = DataFolder.at(folder).file(shard.file());
          try (ParquetReader<Group> reader =
              ParquetReader.builder(new GroupReadSupport(), path)
                  .withConf(DataFolder.configuration())
                  .build()) {
            reading.from(reader);
          }
          return path;
        });
  }

  /**
   * Compares a file with its digest in the manifest.
   *
   * @throws DataException if it is missing or differs
   */
  public static void verify(String folder, Manifest.Shard shard) {
    verify(folder, shard, ONCE);
  }

  /** As above, from the start again while a store that fails may recover. */
  static void verify(String folder, Manifest.Shard shard, Patience patience) {
    String found =
        patiently(folder, shard, patience, () -> sha256(DataFolder.at(folder), shard.file()));
    if (!found.equals(shard.sha256())) {
      throw new DataException(
          message(folder, shard, "SHA-256 is %s (must be %s)".formatted(found, shard.sha256())));
    }
  }

  private static <T> T patiently(
      String folder, Manifest.Shard shard, Patience patience, Patience.Attempt<T> attempt) {
    try {
      return patience.retry("read shard %s in %s".formatted(shard.file(), folder), attempt);
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Parquet answers damaged files with exceptions of many kinds.
      throw new DataException(message(folder, shard, Patience.reason(e)), e);
    }
  }

  /** The digest of a file as it is. */
  static String sha256(DataFolder data, String file) throws IOException {
    try (InputStream in = data.open(file)) {
      return Digest.hexOf(in);
    }
  }

  private static String message(String folder, Manifest.Shard shard, String reason) {
    return "Cannot read shard: %s in %s: %s".formatted(shard.file(), folder, reason);
  }
}
