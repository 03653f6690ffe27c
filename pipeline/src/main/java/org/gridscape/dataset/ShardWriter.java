package org.gridscape.dataset;

import java.io.IOException;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * Writes the images as one Parquet file a run. Lives on the driver.
 *
 * <p>Spark's {@code repartition(n, column)} hashes the column and leaves some files empty; {@link
 * Runs} places every image itself.
 */
final class ShardWriter {
  private static final StructType COLUMNS =
      new StructType()
          .add("id", DataTypes.StringType, false)
          .add("label", DataTypes.IntegerType, true)
          .add("channels", DataTypes.IntegerType, false)
          .add("height", DataTypes.IntegerType, false)
          .add("width", DataTypes.IntegerType, false)
          .add("codec", DataTypes.StringType, false)
          .add("layout", DataTypes.StringType, false)
          .add("pixels", DataTypes.BinaryType, false)
          .add("split", DataTypes.StringType, false)
          .add("shard", DataTypes.IntegerType, false);

  private final SparkSession spark;
  private final DataSettings settings;
  private final DataFolder folder;

  /** A writer into one folder. */
  ShardWriter(SparkSession spark, DataSettings settings, DataFolder folder) {
    this.spark = spark;
    this.settings = settings;
    this.folder = folder;
  }

  /** Writes the accepted images and gives the files their final names. */
  void write(JavaRDD<PreparedImage> images, Runs runs) throws IOException {
    spark.sparkContext().setJobDescription("prepare: write " + settings.target());
    long seed = settings.seed();
    JavaPairRDD<OrderKey, PreparedImage.Accepted> keyed =
        images
            .filter(PreparedImage.Accepted.class::isInstance)
            .map(PreparedImage.Accepted.class::cast)
            .mapToPair(image -> new Tuple2<>(OrderKey.of(image.id(), seed), image));
    int channels = settings.shape().channels();
    int side = settings.shape().side();
    JavaRDD<Row> rows =
        keyed
            .repartitionAndSortWithinPartitions(runs)
            .map(entry -> row(entry._2(), channels, side, runs, runs.getPartition(entry._1())));
    spark
        .createDataFrame(rows, COLUMNS)
        .write()
        .mode(SaveMode.Overwrite)
        .option("compression", "zstd")
        // A limit set for the session would split the file of a run.
        .option("maxRecordsPerFile", 0)
        .option("parquet.block.size", 32 << 20)
        // Pixels never repeat; a dictionary would be built, thrown away and cost as much again.
        .option("parquet.enable.dictionary#pixels", "false")
        .parquet(folder.workPath());
    folder.adopt(runs.files());
  }

  private static Row row(PreparedImage.Accepted image, int channels, int side, Runs runs, int run) {
    Integer label = image.label() < 0 ? null : Integer.valueOf(image.label());
    return RowFactory.create(
        image.id(),
        label,
        channels,
        side,
        side,
        ShardFile.CODEC,
        ShardFile.LAYOUT,
        image.pixels(),
        runs.split(run),
        runs.shard(run));
  }
}
