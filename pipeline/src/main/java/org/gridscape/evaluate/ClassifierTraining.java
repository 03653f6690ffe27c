package org.gridscape.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.gridscape.image.ImageBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Trains the classifier whose features judge images, by parameter averaging with dl4j-spark.
 *
 * <p>dl4j-spark adds up the workers' parameters in the order of their arrival, so two trainings
 * differ in their last bits and then in all: the weights in use are shipped, with their SHA-256.
 * Its statistics stay off: they ask a time server on the network.
 *
 * @param classes number of classes, labels run from 0 to classes - 1
 * @param epochs passes over the training images
 * @param batch images a step of each worker
 * @param averagingFrequency steps between two averagings
 * @param learningRate of Adam, whose state is averaged too, at the first step; it falls
 *     exponentially to a twentieth at the last
 * @param seed of initial weights and of the order of the images
 */
public record ClassifierTraining(
    int classes, int epochs, int batch, int averagingFrequency, double learningRate, long seed) {

  /** Share of the learning rate that is left after the last step. */
  private static final double FINAL_RATE = 0.05;

  /** Rejects counts below 1 (2 for classes) and learning rates that are not positive. */
  public ClassifierTraining {
    requireAtLeast(2, "classes", classes);
    requireAtLeast(1, "epochs", epochs);
    requireAtLeast(1, "batch", batch);
    requireAtLeast(1, "averaging frequency", averagingFrequency);
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException(
          "Invalid learning rate: " + learningRate + " (must be finite and > 0)");
    }
  }

  /**
   * A trained classifier.
   *
   * @param network the network, which the caller closes
   * @param accuracy share of the held-out images it classifies correctly, 0 to 1
   */
  public record Result(MultiLayerNetwork network, double accuracy) {}

  /**
   * Trains on {@code training} and measures on {@code heldOut}, grey images of 32x32 with labels.
   *
   * @param workers partitions of the training images, averaged over
   * @throws IllegalArgumentException if shape or labels do not fit, naming the image
   */
  public Result train(
      JavaSparkContext spark, ImageBlock training, ImageBlock heldOut, int workers) {
    requireExamples(training);
    requireExamples(heldOut);
    Set<Integer> persistedBefore = Set.copyOf(spark.getPersistentRDDs().keySet());
    Broadcast<ImageBlock> images = spark.broadcast(training);
    try {
      MultiLayerNetwork network = fit(spark, images, workers);
      return new Result(network, accuracy(network, heldOut));
    } finally {
      images.destroy();
      unpersistAllBut(persistedBefore, spark);
    }
  }

  private MultiLayerNetwork fit(JavaSparkContext spark, Broadcast<ImageBlock> images, int workers) {
    ISchedule rate = schedule(images.value().count(), workers);
    MultiLayerNetwork network =
        new MultiLayerNetwork(ClassifierNetwork.configuration(classes, rate, seed));
    network.init();
    SparkDl4jMultiLayer distributed = new SparkDl4jMultiLayer(spark, network, master(workers));
    Random order = new Random(seed);
    for (int epoch = 0; epoch < epochs; epoch++) {
      distributed.fit(examples(spark, images, workers, order));
    }
    return distributed.getNetwork();
  }

  /** An exponential fall over the steps of one worker. */
  private ISchedule schedule(int images, int workers) {
    double steps = Math.max(1, (double) epochs * images / ((double) batch * workers));
    return new ExponentialSchedule(
        ScheduleType.ITERATION, learningRate, Math.pow(FINAL_RATE, 1 / steps));
  }

  private ParameterAveragingTrainingMaster master(int workers) {
    return new ParameterAveragingTrainingMaster.Builder(workers, batch)
        .batchSizePerWorker(batch)
        .averagingFrequency(averagingFrequency)
        .saveUpdater(true)
        .rddTrainingApproach(RDDTrainingApproach.Direct)
        .rngSeed(seed)
        .build();
  }

  /** Mini-batches of shuffled images, put together in the tasks: arrays do not travel. */
  private JavaRDD<DataSet> examples(
      JavaSparkContext spark, Broadcast<ImageBlock> images, int workers, Random order) {
    int labelled = classes;
    return spark
        .parallelize(shuffledBatches(images.value().count(), order), workers)
        .map(indices -> example(images.value(), indices, labelled));
  }

  private List<int[]> shuffledBatches(int count, Random order) {
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(shuffled, order);
    List<int[]> batches = new ArrayList<>();
    for (int from = 0; from < count; from += batch) {
      List<Integer> part = shuffled.subList(from, Math.min(count, from + batch));
      batches.add(part.stream().mapToInt(Integer::intValue).toArray());
    }
    return batches;
  }

  private static DataSet example(ImageBlock images, int[] indices, int classes) {
    INDArray labels = Nd4j.zeros(indices.length, classes);
    for (int i = 0; i < indices.length; i++) {
      labels.putScalar(i, images.labels()[indices[i]], 1);
    }
    return new DataSet(ClassifierNetwork.input(images, indices), labels);
  }

  private static double accuracy(MultiLayerNetwork network, ImageBlock images) {
    int correct = 0;
    for (int i = 0; i < images.count(); i++) {
      try (INDArray input = ClassifierNetwork.input(images, i)) {
        correct += network.predict(input)[0] == images.labels()[i] ? 1 : 0;
      }
    }
    return (double) correct / images.count();
  }

  /** dl4j-spark leaves the intermediate sets of each fit in Spark's cache. */
  private static void unpersistAllBut(Set<Integer> kept, JavaSparkContext spark) {
    spark
        .getPersistentRDDs()
        .forEach(
            (id, rdd) -> {
              if (!kept.contains(id)) {
                rdd.unpersist();
              }
            });
  }

  private void requireExamples(ImageBlock images) {
    ClassifierNetwork.requireInput(images.shape());
    if (images.count() == 0) {
      throw new IllegalArgumentException("Invalid image count: 0 (must be >= 1)");
    }
    for (int i = 0; i < images.count(); i++) {
      int label = images.labels()[i];
      if (label < 0 || label >= classes) {
        throw new IllegalArgumentException(
            "Invalid label: %d of image %s (must be 0 to %d)"
                .formatted(label, images.ids().get(i), classes - 1));
      }
    }
  }

  private static void requireAtLeast(int least, String what, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "Invalid " + what + ": " + value + " (must be >= " + least + ")");
    }
  }
}
