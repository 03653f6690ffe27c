package org.gridscape.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.ImageShape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClassifierTrainingIT {
  private static final ImageShape SHAPE = new ImageShape(1, 32);

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("classifier")
                .set("spark.ui.enabled", "false"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void learnsToTellStripesApartAndLeavesTheCacheAsItWas() {
    JavaRDD<Integer> cached = spark.parallelize(List.of(1, 2, 3)).cache();
    ClassifierTraining training = new ClassifierTraining(2, 3, 10, 4, 3e-3, 5);
    ClassifierTraining.Result result = training.train(spark, stripes(240, 1), stripes(60, 2), 2);
    result.network().close();
    assertThat(result.accuracy()).isGreaterThan(0.95);
    assertThat(spark.getPersistentRDDs()).containsOnlyKeys(cached.id());
  }

  @Test
  void rejectsImagesWithoutTheirClass() {
    ImageBlock images = stripes(4, 1);
    images.labels()[2] = -1;
    ClassifierTraining training = new ClassifierTraining(2, 1, 2, 1, 1e-3, 5);
    assertThatThrownBy(() -> training.train(spark, images, stripes(4, 2), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid label: -1 of image 2 (must be 0 to 1)");
  }

  @Test
  void rejectsAnEmptyHeldOutSet() {
    ClassifierTraining training = new ClassifierTraining(2, 1, 2, 1, 1e-3, 5);
    assertThatThrownBy(() -> training.train(spark, stripes(4, 1), stripes(0, 2), 2))
        .hasMessage("Invalid image count: 0 (must be >= 1)");
  }

  /** Noisy stripes 4 pixels wide: class 0 lying, class 1 standing, at random offsets. */
  private static ImageBlock stripes(int count, long seed) {
    Random random = new Random(seed);
    int[] labels = new int[count];
    byte[] pixels = new byte[count * SHAPE.size()];
    for (int i = 0; i < count; i++) {
      labels[i] = i % 2;
      int offset = random.nextInt(8);
      for (int p = 0; p < SHAPE.size(); p++) {
        int along = labels[i] == 0 ? p / SHAPE.side() : p % SHAPE.side();
        int grey = (along + offset) / 4 % 2 == 0 ? 180 : 75;
        pixels[i * SHAPE.size() + p] = (byte) (grey + random.nextInt(60) - 30);
      }
    }
    return new ImageBlock(
        SHAPE, IntStream.range(0, count).mapToObj(Integer::toString).toList(), labels, pixels);
  }
}
