package org.gridscape.dataset;

import java.io.IOException;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.gridscape.image.ImageShape;

/** Hands the rows of a file to a sink, one at a time, and refuses rows that do not fit together. */
final class ShardRows {
  private final Manifest.Shard shard;
  private final ImageShape shape;
  private final RowSink sink;

  private ShardRows(Manifest.Shard shard, ImageShape shape, RowSink sink) {
    this.shard = shard;
    this.shape = shape;
    this.sink = sink;
  }

  /** Reads to the end. */
  static void read(ParquetReader<Group> reader, Manifest.Shard shard, RowSink sink)
      throws IOException {
    int rows = read(reader, shard, shard.rows(), sink);
    while (rows >= shard.rows() && reader.read() != null) {
      rows++;
    }
    if (rows != shard.rows()) {
      throw refusal(shard, "%d images (must be %d)".formatted(rows, shard.rows()));
    }
  }

  /**
   * Reads the first {@code most} rows, or those there are.
   *
   * @return how many
   */
  static int read(ParquetReader<Group> reader, Manifest.Shard shard, int most, RowSink sink)
      throws IOException {
    Group row = reader.read();
    if (row == null) {
      throw refusal(shard, "0 images (must be " + shard.rows() + ")");
    }
    ShardRows rows = new ShardRows(shard, shape(row), sink);
    sink.start(rows.shape);
    int read = 0;
    while (row != null) {
      rows.add(row);
      read++;
      row = read < most ? reader.read() : null;
    }
    return read;
  }

  private static ImageShape shape(Group row) {
    return new ImageShape(row.getInteger("channels", 0), row.getInteger("height", 0));
  }

  private void add(Group row) {
    String id = row.getString("id", 0);
    byte[] image = row.getBinary("pixels", 0).getBytesUnsafe();
    String form = row.getString("codec", 0) + " " + row.getString("layout", 0);
    if (!form.equals(ShardFile.CODEC + " " + ShardFile.LAYOUT)) {
      throw refusal(
          shard,
          "image %s is %s (must be %s %s)".formatted(id, form, ShardFile.CODEC, ShardFile.LAYOUT));
    }
    if (!shape(row).equals(shape)
        || row.getInteger("width", 0) != shape.side()
        || image.length != shape.size()) {
      throw refusal(
          shard,
          "image %s has %d bytes as %s (must be %d as %s)"
              .formatted(id, image.length, shape(row), shape.size(), shape));
    }
    int label = row.getFieldRepetitionCount("label") == 0 ? -1 : row.getInteger("label", 0);
    sink.add(id, label, image);
  }

  private static DataException refusal(Manifest.Shard shard, String fact) {
    return new DataException("Cannot read shard: %s: %s".formatted(shard.file(), fact));
  }
}
