package org.gridscape.dataset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.gridscape.image.ImageShape;
import org.gridscape.storage.LocalBytes;

/** Writes images to {@link LocalBytes} as they come, in the places of {@link ShardLayout}. */
final class ScratchSink implements RowSink {
  private final String shard;
  private final int rows;
  private final LocalBytes bytes;
  private ImageShape shape = new ImageShape(1, 1);
  private LocalBytes.Appender pixels;
  private LocalBytes.Appender idStarts;
  private LocalBytes.Appender ids;

  /**
   * A sink for {@code rows} images.
   *
   * @param shard whose they are, and where they go
   */
  ScratchSink(String shard, int rows, LocalBytes bytes) {
    this.shard = shard;
    this.rows = rows;
    this.bytes = bytes;
    pixels = bytes.new Appender(0);
    idStarts = bytes.new Appender(0);
    ids = bytes.new Appender(0);
  }

  @Override
  public void start(ImageShape shapeOfAll) {
    shape = shapeOfAll;
    ShardLayout layout = new ShardLayout(rows, shape.size());
    pixels = bytes.new Appender(0);
    idStarts = bytes.new Appender(layout.idStart(0));
    ids = bytes.new Appender(layout.ids());
  }

  @Override
  public void add(String id, int label, byte[] image) {
    ShardScratch.access(
        shard,
        () -> {
          pixels.append(image);
          idStarts.append(position(ids.end()));
          ids.append(id.getBytes(StandardCharsets.UTF_8));
          return ids;
        });
  }

  /** Writes what is left when all have come; returns their shape. */
  ImageShape finish() {
    return ShardScratch.access(
        shard,
        () -> {
          idStarts.append(position(ids.end()));
          pixels.flush();
          idStarts.flush();
          ids.flush();
          return shape;
        });
  }

  private static byte[] position(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }
}
