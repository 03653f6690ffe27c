package org.gridscape.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.dataset.DataException;
import org.gridscape.dataset.DataSettings;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.Preparation;
import org.gridscape.dataset.PreparedImage;
import org.gridscape.image.ImageFit;
import org.gridscape.image.ImageShape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTrainingIT {
  private static final ClassifierTraining SHORT =
      new ClassifierTraining(new AveragedTraining(1, 2, 1, 1e-3, 2, 5));

  private static SparkSession session;
  private static JavaSparkContext spark;
  private String folder = "unset";

  @BeforeAll
  static void start() {
    session =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", "false").getOrCreate();
    spark = JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  @BeforeEach
  void chooseFolder(@TempDir Path temporary) {
    folder = temporary.resolve("prepared").toString();
  }

  @Test
  void learnsToTellGreyStripesApartAndLeavesTheCacheAsItWas() {
    JavaRDD<Integer> cached = spark.parallelize(List.of(1, 2, 3)).cache();
    Manifest manifest = prepare(new ImageShape(1, 16), stripes(new ImageShape(1, 16), 300, 2));
    ClassifierTraining.Result result =
        new ClassifierTraining(new AveragedTraining(3, 10, 4, 3e-3, 2, 5))
            .train(spark, folder, manifest);
    result.network().close();
    assertThat(result.classes()).isEqualTo(2);
    assertThat(result.accuracy()).isGreaterThan(0.95);
    assertThat(spark.getPersistentRDDs()).containsOnlyKeys(cached.id());
    cached.unpersist();
  }

  @Test
  void learnsThreeClassesOfColouredImages() {
    ImageShape shape = new ImageShape(3, 28);
    Manifest manifest = prepare(shape, stripes(shape, 300, 3));
    ClassifierTraining.Result result =
        new ClassifierTraining(new AveragedTraining(3, 10, 4, 3e-3, 2, 5))
            .train(spark, folder, manifest);
    assertThat(result.network().layerSize(ClassifierNetwork.FEATURE_LAYER + 1)).isEqualTo(3);
    result.network().close();
    assertThat(result.classes()).isEqualTo(3);
    assertThat(result.accuracy()).isGreaterThan(0.95);
  }

  @Test
  void fitsEverySideFromEightUp() {
    for (int side : List.of(8, 16, 28, 32, 64)) {
      var network =
          new org.deeplearning4j.nn.multilayer.MultiLayerNetwork(
              ClassifierNetwork.configuration(
                  new ImageShape(3, side), 4, new org.nd4j.linalg.schedule.FixedSchedule(1e-3), 1));
      network.init();
      assertThat(network.output(org.nd4j.linalg.factory.Nd4j.zeros(2, 3, side, side)).shape())
          .as("side %d", side)
          .containsExactly(2, 4);
      network.close();
    }
  }

  @Test
  void rejectsImagesWithoutLabel() {
    ImageShape shape = new ImageShape(1, 8);
    List<PreparedImage> images = stripes(shape, 10, 2);
    images.set(3, new PreparedImage.Accepted("mine.png", -1, new byte[64]));
    Manifest manifest = prepare(shape, images);
    String file =
        manifest.shards().stream()
            .filter(shard -> holds(shard, "mine.png"))
            .findFirst()
            .orElseThrow()
            .file();
    assertThatThrownBy(() -> SHORT.train(spark, folder, manifest))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot train a classifier on %s: 1 of its 10 images have no label, the first is mine.png in %s",
            folder, file);
  }

  @Test
  void rejectsADataSetWithoutLabels() {
    ImageShape shape = new ImageShape(1, 8);
    assertRejected(
        shape,
        stripes(shape, 10, 1).stream()
            .map(image -> (PreparedImage) new PreparedImage.Accepted(image.id(), -1, new byte[64]))
            .toList(),
        "none of its 10 images has a label (an IDX file needs one of labels beside it, a folder or archive a folder a class)");
  }

  @Test
  void rejectsASingleClass() {
    ImageShape shape = new ImageShape(1, 8);
    assertRejected(
        shape,
        stripes(shape, 10, 1),
        "all training images are of class 0 (must be at least two classes)");
  }

  @Test
  void rejectsImagesTooSmall() {
    ImageShape shape = new ImageShape(1, 4);
    assertRejected(
        shape, stripes(shape, 10, 2), "images are 1x4x4 (must have a side of at least 8)");
  }

  @Test
  void rejectsADataSetThatHoldsNothingOut() {
    ImageShape shape = new ImageShape(1, 8);
    Manifest manifest =
        Preparation.store(session, settings(shape, 0), spark.parallelize(stripes(shape, 10, 2)));
    assertThatThrownBy(() -> SHORT.train(spark, folder, manifest))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot train a classifier on %s: no images are held out to measure it (data.heldOut)",
            folder);
  }

  @Test
  void namesADamagedFile() throws Exception {
    ImageShape shape = new ImageShape(1, 8);
    Manifest manifest = prepare(shape, stripes(shape, 10, 2));
    Files.write(Path.of(folder, "shard-00001.parquet"), new byte[100]);
    assertThatThrownBy(() -> SHORT.train(spark, folder, manifest))
        .hasMessageContaining("Cannot read shard: shard-00001.parquet in " + folder);
  }

  private void assertRejected(ImageShape shape, List<PreparedImage> images, String reason) {
    Manifest manifest = prepare(shape, images);
    assertThatThrownBy(() -> SHORT.train(spark, folder, manifest))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot train a classifier on %s: %s", folder, reason);
  }

  private boolean holds(Manifest.Shard shard, String id) {
    return org.gridscape.dataset.ShardFile.read(folder, shard).ids().contains(id);
  }

  private Manifest prepare(ImageShape shape, List<PreparedImage> images) {
    return Preparation.store(session, settings(shape, 0.2), spark.parallelize(images));
  }

  private DataSettings settings(ImageShape shape, double heldOut) {
    return new DataSettings("stripes", folder, 2, heldOut, shape, ImageFit.PAD, 0, 0, 5);
  }

  /** Noisy stripes 4 pixels wide at random offsets: lying, standing, aslant. */
  private static List<PreparedImage> stripes(ImageShape shape, int count, int classes) {
    Random random = new Random(1);
    List<PreparedImage> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = i % classes;
      int offset = random.nextInt(8);
      byte[] pixels = new byte[shape.size()];
      for (int p = 0; p < pixels.length; p++) {
        int y = p / shape.side() % shape.side();
        int x = p % shape.side();
        int along = List.of(y, x, x + y).get(label);
        int grey = (along + offset) / 4 % 2 == 0 ? 180 : 75;
        pixels[p] = (byte) (grey + random.nextInt(60) - 30);
      }
      images.add(new PreparedImage.Accepted("image-" + i, label, pixels));
    }
    return images;
  }
}
