package org.gridscape.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.ImageShape;

/** Shards of random images, written without Spark. */
public final class DrawnShard {
  public static final ImageShape SHAPE = new ImageShape(3, 8);
  private static final MessageType COLUMNS =
      MessageTypeParser.parseMessageType(
          "message images { required binary id (UTF8); optional int32 label; required int32"
              + " channels; required int32 height; required int32 width; required binary codec"
              + " (UTF8); required binary layout (UTF8); required binary pixels; }");

  private DrawnShard() {}

  /** Images with ids of many lengths. */
  public static ImageBlock images(int rows, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[rows * SHAPE.size()];
    random.nextBytes(pixels);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      ids.add("\u00e9".repeat(random.nextInt(9)) + i);
    }
    return new ImageBlock(SHAPE, ids, random.ints(rows, 0, 10).toArray(), pixels);
  }

  /** Writes images into a folder and says what a manifest would say of them. */
  public static Manifest.Shard write(Path folder, String file, ImageBlock images) {
    try {
      try (ParquetWriter<Group> writer =
          ExampleParquetWriter.builder(path(folder, file))
              .withType(COLUMNS)
              .withConf(new Configuration(false))
              .withRowGroupSize(1L << 14)
              .build()) {
        for (int i = 0; i < images.count(); i++) {
          writer.write(row(images, i));
        }
      }
      Files.deleteIfExists(folder.resolve("." + file + ".crc"));
      String sha256 = ShardFile.sha256(DataFolder.at(folder.toString()), file);
      long bytes = Files.size(folder.resolve(file));
      return new Manifest.Shard(file, Manifest.TRAIN, images.count(), bytes, sha256);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static org.apache.hadoop.fs.Path path(Path folder, String file) {
    return new org.apache.hadoop.fs.Path(folder.resolve(file).toUri());
  }

  private static Group row(ImageBlock images, int i) {
    int size = images.shape().size();
    Group row = new SimpleGroup(COLUMNS);
    row.add("id", images.ids().get(i));
    row.add("label", images.labels()[i]);
    row.add("channels", images.shape().channels());
    row.add("height", images.shape().side());
    row.add("width", images.shape().side());
    row.add("codec", ShardFile.CODEC);
    row.add("layout", ShardFile.LAYOUT);
    row.add("pixels", Binary.fromConstantByteArray(images.pixels(), i * size, size));
    return row;
  }
}
