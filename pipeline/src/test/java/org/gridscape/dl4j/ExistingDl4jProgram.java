package org.gridscape.dl4j;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.image.PixelRange;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A program that trains a classifier with DL4J on Spark, and then, with the same context and the
 * same RDD, a multi-grid model of its images.
 *
 * <p>Arguments: Spark master, work folder.
 */
final class ExistingDl4jProgram {
  static final int SIDE = 8;
  private static final int IMAGES = 48;
  private static final int BATCH = 8;

  private ExistingDl4jProgram() {}

  /**
   * What the program found out.
   *
   * @param classes probabilities of the first image, by the classifier
   * @param energies f of the first image, coarse to fine
   * @param parametersSha256 of the multi-grid model
   */
  record Outcome(double[] classes, List<Double> energies, String parametersSha256) {}

  public static void main(String[] args) {
    Outcome outcome = run(args[0], Path.of(args[1]));
    System.out.println(outcome.energies() + " " + outcome.parametersSha256());
  }

  static Outcome run(String master, Path workFolder) {
    SparkConf conf =
        new SparkConf()
            .setMaster(master)
            .setAppName("existing program")
            .set("spark.ui.enabled", "false");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      JavaRDD<DataSet> examples = spark.parallelize(examples());
      INDArray first = examples().get(0).getFeatures();

      MultiLayerNetwork classifier = classifier(spark, examples);

      RunConfig settings =
          RunConfig.of(
              ConfigLayers.load(
                  Optional.empty(),
                  List.of(
                      "data.side=8",
                      "data.shards=2",
                      "data.heldOut=0",
                      "pyramid.sides=[1, 4, 8]",
                      "energy.networks.4=\"3x3-8, dense 1\"",
                      "energy.networks.8=\"3x3/2-8, dense 1\"",
                      "langevin.steps=4",
                      "training.batch=16",
                      "training.cellSize=4",
                      "training.iterations=4")));
      MultiGridModel model =
          new MultiGridTraining(settings, new PixelRange(0, 1), workFolder.toString())
              .train(spark, examples);

      List<Double> energies = new ArrayList<>();
      List<MultiLayerNetwork> grids = model.averaged();
      for (int grid = 0; grid < grids.size(); grid++) {
        energies.add(grids.get(grid).output(model.onGrid(first, grid)).getDouble(0, 0));
      }
      return new Outcome(
          classifier.output(first).getRow(0).toDoubleVector(), energies, model.parametersSha256());
    }
  }

  private static MultiLayerNetwork classifier(JavaSparkContext spark, JavaRDD<DataSet> examples) {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .updater(new Adam(1e-2))
            .list()
            .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.RELU).build())
            .layer(
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(2)
                    .activation(Activation.SOFTMAX)
                    .build())
            .setInputType(InputType.convolutional(SIDE, SIDE, 1))
            .build();
    ParameterAveragingTrainingMaster master =
        new ParameterAveragingTrainingMaster.Builder(2, BATCH)
            .batchSizePerWorker(BATCH)
            .averagingFrequency(2)
            .saveUpdater(true)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .build();
    SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(spark, configuration, master);
    for (int epoch = 0; epoch < 3; epoch++) {
      network.fit(examples);
    }
    return network.getNetwork();
  }

  /** Bright squares on the left (class 0) and on the right (class 1), grey levels in [0, 1]. */
  static List<DataSet> examples() {
    Random random = new Random(7);
    List<DataSet> batches = new ArrayList<>();
    for (int from = 0; from < IMAGES; from += BATCH) {
      INDArray features = Nd4j.zeros(BATCH, 1, SIDE, SIDE);
      INDArray labels = Nd4j.zeros(BATCH, 2);
      for (int i = 0; i < BATCH; i++) {
        int label = random.nextInt(2);
        labels.putScalar(i, label, 1);
        for (int y = 2; y < 6; y++) {
          for (int x = 0; x < 4; x++) {
            features.putScalar(i, 0, y, 4 * label + x, 0.5 + random.nextInt(100) / 200.0);
          }
        }
      }
      batches.add(new DataSet(features, labels));
    }
    return batches;
  }
}
