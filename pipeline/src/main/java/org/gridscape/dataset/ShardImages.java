package org.gridscape.dataset;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.storage.LocalBytes;
import org.gridscape.storage.Patience;

/**
 * The images of one shard, read at random: verified and decoded once, then raw bytes in a local
 * file, with a copy in memory where there is room for one. Runs on executors; any thread may read.
 *
 * <p>While the file is written, no more than a row group of the shard is in memory.
 */
public final class ShardImages implements Closeable {
  private static final Object NONE = "";

  private final String name;
  private final ImageShape shape;
  private final ShardLayout layout;
  private final LocalBytes bytes;
  private final Object[] orders = {NONE, NONE};

  private ShardImages(String name, ImageShape shape, int rows, LocalBytes bytes) {
    this.name = name;
    this.shape = shape;
    this.bytes = bytes;
    layout = new ShardLayout(rows, shape.size());
  }

  /**
   * Verifies and decodes a shard.
   *
   * @param folder the data set's folder
   * @param shard the file, from the manifest
   * @param patience with the store of the data set
   * @param scratch a local folder; the file in it has no name and ends with this process
   * @throws DataException if the shard is missing or damaged, or the scratch folder is missing or
   *     full
   */
  public static ShardImages read(
      String folder, Manifest.Shard shard, Patience patience, Path scratch) {
    String name = "%s of %s in %s".formatted(shard.file(), folder, scratch);
    ShardFile.verify(folder, shard, patience);
    LocalBytes bytes = ShardScratch.access(name, () -> LocalBytes.scratch(scratch));
    return read(folder, shard, patience, name, bytes);
  }

  /** Decodes a shard into bytes that are closed if it fails. */
  static ShardImages read(
      String folder, Manifest.Shard shard, Patience patience, String name, LocalBytes bytes) {
    boolean whole = false;
    try {
      ScratchSink sink = new ScratchSink(name, shard.rows(), bytes);
      ShardFile.read(folder, shard, sink, patience);
      ImageShape shape = sink.finish();
      whole = true;
      return new ShardImages(name, shape, shard.rows(), bytes);
    } finally {
      if (!whole) {
        bytes.close();
      }
    }
  }

  /** The images of these rows, in that order, as floats in {@code range}. */
  public ImageBatch batch(int[] rows, PixelRange range) {
    ImageBatch batch = ImageBatch.zeros(shape, rows.length);
    int size = shape.size();
    for (int i = 0; i < rows.length; i++) {
      byte[] pixels = pixels(rows[i]);
      for (int p = 0; p < size; p++) {
        batch.pixels()[i * size + p] = range.fromByte(pixels[p]);
      }
    }
    return batch;
  }

  /** Shape of every image. */
  public ImageShape shape() {
    return shape;
  }

  /** One image, shape().size() unsigned bytes. */
  public byte[] pixels(int row) {
    return bytes(layout.pixels(row), shape.size());
  }

  /** The identities of these rows, in that order. */
  public List<String> ids(int[] rows) {
    return Arrays.stream(rows).mapToObj(this::id).toList();
  }

  private String id(int row) {
    ByteBuffer bounds = ByteBuffer.wrap(bytes(layout.idStart(row), 2 * Long.BYTES));
    long start = bounds.getLong();
    int length = Math.toIntExact(bounds.getLong() - start);
    return new String(bytes(start, length), StandardCharsets.UTF_8);
  }

  /**
   * A part of an order of all rows, which is made only where it is not the last of its slot.
   *
   * @param slot 0 or 1
   * @param key what the order is made of
   * @param order all rows
   * @param from the first place
   * @param to the place after the last
   */
  public int[] ordered(int slot, Object key, Supplier<int[]> order, int from, int to) {
    synchronized (orders) {
      if (!orders[slot].equals(key)) {
        orders[slot] = NONE;
        write(slot, order.get());
        orders[slot] = key;
      }
      int[] part = new int[to - from];
      ByteBuffer.wrap(bytes(layout.order(slot, from), part.length * Integer.BYTES))
          .asIntBuffer()
          .get(part);
      return part;
    }
  }

  private void write(int slot, int[] order) {
    ShardScratch.access(
        name,
        () -> {
          LocalBytes.Appender appender = bytes.new Appender(layout.order(slot, 0));
          for (int row : order) {
            appender.append(ByteBuffer.allocate(Integer.BYTES).putInt(row).array());
          }
          appender.flush();
          return order;
        });
  }

  private byte[] bytes(long position, int count) {
    return ShardScratch.access(name, () -> bytes.read(position, count));
  }

  /** Number of images. */
  public int count() {
    return layout.rows();
  }

  /** Length of the file, and of the copy in memory where there is one. */
  public long length() {
    return ShardScratch.access(name, bytes::length);
  }

  /** Whether there is a copy in memory. */
  public boolean inMemory() {
    return bytes.inMemory();
  }

  /**
   * Reads from memory from here on, if the file fits into an array of Java's.
   *
   * @return whether it does
   */
  public boolean copyToMemory() {
    return ShardScratch.access(name, bytes::copyToMemory);
  }

  /** Reads from the file from here on. */
  public void dropCopy() {
    bytes.dropCopy();
  }

  /** Frees memory and file; nothing can be read afterwards. */
  @Override
  public void close() {
    bytes.close();
  }
}
