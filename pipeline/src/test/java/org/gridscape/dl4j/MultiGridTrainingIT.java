package org.gridscape.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.gridscape.config.ConfigException;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.DataException;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class MultiGridTrainingIT {
  private static final PixelRange UNIT = new PixelRange(0, 1);

  @TempDir private Path folder = Path.of("unset");
  private JavaSparkContext spark = new JavaSparkContext(conf());

  private static SparkConf conf() {
    return new SparkConf()
        .setMaster("local[2]")
        .setAppName("adapter")
        .set("spark.ui.enabled", "false");
  }

  @BeforeEach
  void isEmpty() {
    assertThat(spark.getPersistentRDDs()).isEmpty();
  }

  @AfterEach
  void stop() {
    spark.stop();
  }

  @Test
  void isTheSameHoweverTheImagesAreBatchedAndCutAndWhateverTheirRange() {
    List<DataSet> batches = ExistingDl4jProgram.examples();
    MultiGridModel model = train(UNIT, batches, 3);
    List<DataSet> single = new ArrayList<>();
    for (DataSet batch : batches) {
      for (DataSet one : batch.asList()) {
        INDArray signed = one.getFeatures().mul(2).subi(1).castTo(DataType.DOUBLE);
        single.add(new DataSet(signed.dup('f'), one.getLabels()));
      }
    }
    MultiGridModel other = train(PixelRange.SIGNED_UNIT, single, 5);
    assertThat(other.parametersSha256()).isEqualTo(model.parametersSha256());
    assertThat(spark.getPersistentRDDs()).isEmpty();
    assertThat(spark.getLocalProperty("spark.job.description")).isNull();
    java.util.Collections.reverse(single);
    assertThat(train(PixelRange.SIGNED_UNIT, single, 5).parametersSha256())
        .isNotEqualTo(model.parametersSha256());
  }

  @Test
  void givesNetworksThatComputeFAsTheEngineDoes() {
    List<DataSet> batches = ExistingDl4jProgram.examples();
    MultiGridModel model = train(UNIT, batches, 2);
    INDArray features = batches.get(1).getFeatures();
    List<MultiLayerNetwork> raw = model.raw();
    List<MultiLayerNetwork> averaged = model.averaged();
    assertThat(raw).hasSize(2);
    for (int grid = 0; grid < 2; grid++) {
      INDArray images = model.onGrid(features, grid);
      int side = model.networks().get(grid).shape().side();
      assertThat(images.shape()).containsExactly(8, 1, side, side);
      assertThat(images.minNumber().doubleValue()).isEqualTo(-1, within(1e-6));
      double[] f = raw.get(grid).output(images).toDoubleVector();
      try (EnergyEngine engine = ChosenEngine.kind().create(model.networks().get(grid))) {
        engine.load(model.state().parameters().arrays().get(grid));
        float[] expected =
            engine.values(
                new ImageBatch(new ImageShape(1, side), 8, images.dup('c').data().asFloat()));
        for (int i = 0; i < 8; i++) {
          assertThat(f[i]).isEqualTo(expected[i], within(1e-4));
        }
      }
      assertThat(averaged.get(grid).output(images).toDoubleVector()).isNotEqualTo(f);
    }
  }

  @Test
  void rejectsPixelsThatAreNoneNamingTheExample() {
    List<DataSet> batches = ExistingDl4jProgram.examples();
    batches.get(2).getFeatures().putScalar(new int[] {3, 0, 4, 7}, Float.NaN);
    assertRejected(
        batches, "example-0000000019 (Invalid pixel: NaN at [0, 4, 7] (must be in [0.0, 1.0]))");
    batches.get(2).getFeatures().putScalar(new int[] {3, 0, 4, 7}, 1.01);
    assertRejected(
        batches, "example-0000000019 (Invalid pixel: 1.01 at [0, 4, 7] (must be in [0.0, 1.0]))");
  }

  @Test
  void rejectsFeaturesOfAnotherShapeNamingTheExample() {
    List<DataSet> batches = ExistingDl4jProgram.examples();
    batches.add(5, new DataSet(Nd4j.zeros(1, 3, 8, 8), Nd4j.zeros(1, 2)));
    assertRejected(
        batches, "example-0000000040 (Invalid features: [1, 3, 8, 8] (must be [n, 1, 8, 8]))");
    batches.set(5, new DataSet(Nd4j.zeros(1, 64), Nd4j.zeros(1, 2)));
    assertRejected(
        batches, "example-0000000040 (Invalid features: [1, 64] (must be [n, 1, 8, 8]))");
    batches.set(5, new DataSet());
    assertRejected(batches, "example-0000000040 (Invalid features: none (must be [n, 1, 8, 8]))");
  }

  private void assertRejected(List<DataSet> batches, String example) {
    assertThatThrownBy(() -> train(UNIT, batches, 3))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot prepare JavaRDD<DataSet>: 1 of 4")
        .hasMessageEndingWith(" (must be at most 0.0): " + example);
  }

  @Test
  void rejectsAnRddWithoutExamplesAndOneThatChanges() {
    assertThatThrownBy(() -> train(UNIT, List.of(), 2))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot prepare JavaRDD<DataSet>: no images");
    String once = folder.resolve("computed").toString();
    JavaRDD<DataSet> shrinking =
        spark
            .parallelize(ExistingDl4jProgram.examples(), 1)
            .filter(
                batch -> new java.io.File(once + batch.getFeatures().sumNumber()).createNewFile());
    assertThatThrownBy(
            () ->
                new MultiGridTraining(settings(), UNIT, folder.toString()).train(spark, shrinking))
        .hasMessageContaining(
            "Cannot read examples: partition 0 had 48 when they were counted, and now another number"
                + " (the RDD must be the same each time it is computed: cache it)");
  }

  @Test
  void refusesKryoBeforeItDoesAnything() {
    spark.stop();
    String kryo = "org.apache.spark.serializer.KryoSerializer";
    spark = new JavaSparkContext(conf().set("spark.serializer", kryo));
    assertThatThrownBy(() -> train(UNIT, ExistingDl4jProgram.examples(), 2))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Invalid spark.serializer: %s (must be org.apache.spark.serializer.JavaSerializer, the default, since Kryo cannot read records)",
            kryo);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void rejectsABlankWorkFolder() {
    assertThatThrownBy(() -> new MultiGridTraining(settings(), UNIT, " "))
        .hasMessage("Invalid work folder: blank (must be a path)");
  }

  @Test
  void rejectsChainsThatStartFromCodes() {
    RunConfig hidden =
        RunConfig.of(
            ConfigFactory.parseString("training.start = hidden")
                .withFallback(settings().resolved()));
    assertThatThrownBy(() -> new MultiGridTraining(hidden, UNIT, folder.toString()))
        .hasMessage(
            "Invalid training.start: hidden (must be another start: a program gets the networks of"
                + " the grids alone)");
  }

  private MultiGridModel train(PixelRange range, List<DataSet> examples, int partitions) {
    return new MultiGridTraining(settings(), range, folder.toString())
        .train(spark, spark.parallelize(examples, partitions));
  }

  private static RunConfig settings() {
    return RunConfig.of(
        ConfigLayers.load(
            Optional.empty(),
            List.of(
                "data.side=8",
                "data.shards=2",
                "data.heldOut=0",
                "pyramid.sides=[1, 4, 8]",
                "energy.networks.4=\"3x3-8, dense 1\"",
                "energy.networks.8=\"3x3/2-8, dense 1\"",
                "langevin.steps=2",
                "training.batch=16",
                "training.cellSize=4",
                "training.iterations=2",
                "training.engine=" + ChosenEngine.kind())));
  }
}
