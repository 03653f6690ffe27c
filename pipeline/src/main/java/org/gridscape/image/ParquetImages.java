package org.gridscape.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.gridscape.image.BytePixels.Layout;
import org.gridscape.storage.HadoopSettings;
import org.gridscape.storage.Patience;

/** Unpacks the images of Parquet files, row by row. */
final class ParquetImages {
  private final Unpacking unpacking;
  private final List<ImagePlace> encoded = new ArrayList<>();
  private final NavigableMap<String, ImagePlace> samples = new TreeMap<>();
  private int channels;
  private int side;

  ParquetImages(Unpacking unpacking) {
    this.unpacking = unpacking;
  }

  /**
   * Reads all files, in order.
   *
   * @throws IOException naming the file that is damaged, or holds no images, or other ones than
   *     those before
   */
  PackedImages read(List<Path> files) throws IOException {
    for (Path file : files) {
      try {
        read(file);
      } catch (IOException | RuntimeException e) {
        // Parquet answers damaged files with exceptions of many kinds.
        throw new IOException(
            "Cannot read Parquet file: %s: %s".formatted(file, Patience.reason(e)), e);
      }
    }
    return samples.isEmpty()
        ? new PackedImages(
            ImageIndex.of(encoded), unpacking.finish(), ImageDecoder::decode, "no image in its row")
        : new PackedImages(
            ImageIndex.of(samples),
            unpacking.finish(),
            form(channels, side),
            "no image in its row");
  }

  private static PackedImages.Form form(int channels, int side) {
    return image -> new BytePixels(channels, side, side, Layout.PLANAR, image);
  }

  private void read(Path file) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
    Configuration settings = new Configuration(HadoopSettings.current());
    ParquetColumns columns = columns(path, settings);
    if (columns.isSamples() ? !encoded.isEmpty() : !samples.isEmpty()) {
      throw new IOException("its columns differ from those of the files before it");
    }
    settings.set(ReadSupport.PARQUET_READ_SCHEMA, columns.projection().toString());
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), path).withConf(settings).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        if (columns.isSamples()) {
          addSample(columns, row);
        } else {
          addEncoded(columns, row);
        }
      }
    }
  }

  private static ParquetColumns columns(org.apache.hadoop.fs.Path path, Configuration settings)
      throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, settings))) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      return ParquetColumns.of(schema);
    }
  }

  private void addEncoded(ParquetColumns columns, Group row) throws IOException {
    byte[] image = columns.image(row);
    encoded.add(image.length == 0 ? ImagePlace.ABSENT : unpacking.add(image, columns.label(row)));
  }

  private void addSample(ParquetColumns columns, Group row) throws IOException {
    String name = "sample-%06d".formatted(row.getInteger("image", 0));
    int planes = row.getInteger("channels", 0);
    byte[] image = columns.image(row);
    if (samples.isEmpty()) {
      channels = planes;
      side = columns.side();
    }
    if ((planes != 1 && planes != 3)
        || planes != channels
        || columns.side() != side
        || image.length != planes * side * side) {
      throw new IOException(
          "%s has %d bytes as %dx%dx%d (must be %d as %dx%dx%d, 1 or 3 channels)"
              .formatted(
                  name,
                  image.length,
                  planes,
                  columns.side(),
                  columns.side(),
                  channels * side * side,
                  channels,
                  side,
                  side));
    }
    if (samples.put(name, unpacking.add(image, -1)) != null) {
      throw new IOException(name + " is there twice");
    }
  }
}
