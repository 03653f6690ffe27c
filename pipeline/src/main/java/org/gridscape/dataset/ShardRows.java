package org.gridscape.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.ImageShape;

/** Gathers the rows of a file into a block, and refuses rows that do not fit together. */
final class ShardRows {
  private final Manifest.Shard shard;
  private final ImageShape shape;
  private final List<String> ids;
  private final int[] labels;
  private final byte[] pixels;

  private ShardRows(Manifest.Shard shard, ImageShape shape) {
    this.shard = shard;
    this.shape = shape;
    ids = new ArrayList<>(shard.rows());
    labels = new int[shard.rows()];
    pixels = new byte[Math.multiplyExact(shard.rows(), shape.size())];
  }

  /** Reads to the end. */
  static ImageBlock read(ParquetReader<Group> reader, Manifest.Shard shard) throws IOException {
    Group row = reader.read();
    if (row == null) {
      throw refusal(shard, "0 images (must be " + shard.rows() + ")");
    }
    ShardRows rows = new ShardRows(shard, shape(row));
    for (; row != null; row = reader.read()) {
      rows.add(row);
    }
    return rows.block();
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
    if (ids.size() < shard.rows()) {
      labels[ids.size()] =
          row.getFieldRepetitionCount("label") == 0 ? -1 : row.getInteger("label", 0);
      System.arraycopy(image, 0, pixels, ids.size() * shape.size(), image.length);
    }
    ids.add(id);
  }

  private ImageBlock block() {
    if (ids.size() != shard.rows()) {
      throw refusal(shard, "%d images (must be %d)".formatted(ids.size(), shard.rows()));
    }
    return new ImageBlock(shape, ids, labels, pixels);
  }

  private static DataException refusal(Manifest.Shard shard, String fact) {
    return new DataException("Cannot read shard: %s: %s".formatted(shard.file(), fact));
  }
}
