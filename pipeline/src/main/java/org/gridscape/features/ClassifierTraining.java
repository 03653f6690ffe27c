package org.gridscape.features;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardFile;
import org.gridscape.image.ImageBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Trains a small classifier of a labelled data set by parameter averaging with dl4j-spark. Features
 * of such a classifier judge images.
 *
 * <p>Images are read, measured and put into mini-batches in tasks, a file each; the driver sees
 * none. A mini-batch holds images of one file.
 *
 * <p>dl4j-spark adds up the workers' parameters in the order of their arrival, so two trainings
 * differ in their last bits and then in all: the weights in use are shipped, with their SHA-256.
 * Its statistics stay off: they ask a time server on the network.
 *
 * @param epochs passes over the training images
 * @param batch images a step of each worker
 * @param averagingFrequency steps between two averagings
 * @param learningRate of Adam, whose state is averaged too, at the first step; it falls
 *     exponentially to a twentieth at the last
 * @param workers copies that are averaged
 * @param seed of initial weights and of the order of the images
 */
public record ClassifierTraining(
    int epochs, int batch, int averagingFrequency, double learningRate, int workers, long seed)
    implements Serializable {

  /** Share of the learning rate that is left after the last step. */
  private static final double FINAL_RATE = 0.05;

  /** Images that a task classifies at once. */
  private static final int MEASURED_AT_ONCE = 100;

  /** Rejects counts below 1 and learning rates that are not positive. */
  public ClassifierTraining {
    requireAtLeastOne("epochs", epochs);
    requireAtLeastOne("batch", batch);
    requireAtLeastOne("averaging frequency", averagingFrequency);
    requireAtLeastOne("workers", workers);
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException(
          "Invalid learning rate: " + learningRate + " (must be finite and > 0)");
    }
  }

  /**
   * A trained classifier.
   *
   * @param network with softmax over the classes, for images [n, channels, side, side] in [-1, 1];
   *     the caller closes it
   * @param classes the labels run from 0 to classes - 1
   * @param accuracy share of the held-out images it classifies correctly, 0 to 1
   */
  public record Result(MultiLayerNetwork network, int classes, double accuracy) {}

  /**
   * Trains on the training split and measures on the held-out one. There are as many classes as the
   * largest label says, or as the manifest names.
   *
   * @param folder of the data set, readable from every executor
   * @param manifest of it
   * @throws org.gridscape.dataset.DataException if an image has no label, the training images are
   *     all of one class, no images are held out, their shape does not fit, or a file is damaged
   */
  public Result train(JavaSparkContext spark, String folder, Manifest manifest) {
    ClassifierData data = ClassifierData.of(spark, folder, manifest);
    MultiLayerNetwork network = fit(spark, data);
    return new Result(network, data.classes(), accuracy(spark, data, network));
  }

  private MultiLayerNetwork fit(JavaSparkContext spark, ClassifierData data) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            ClassifierNetwork.configuration(
                data.manifest().shape(),
                data.classes(),
                schedule(data.manifest().trainCount()),
                seed));
    network.init();
    SparkDl4jMultiLayer distributed = new SparkDl4jMultiLayer(spark, network, master());
    Set<Integer> persistedBefore = Set.copyOf(spark.getPersistentRDDs().keySet());
    for (int epoch = 0; epoch < epochs; epoch++) {
      try {
        distributed.fit(examples(spark, data, epoch));
      } finally {
        unpersistAllBut(persistedBefore, spark);
      }
    }
    return distributed.getNetwork();
  }

  /** An exponential fall over the steps of one worker. */
  private ISchedule schedule(int images) {
    double steps = Math.max(1, (double) epochs * images / ((double) batch * workers));
    return new ExponentialSchedule(
        ScheduleType.ITERATION, learningRate, Math.pow(FINAL_RATE, 1 / steps));
  }

  private ParameterAveragingTrainingMaster master() {
    return new ParameterAveragingTrainingMaster.Builder(workers, batch)
        .batchSizePerWorker(batch)
        .averagingFrequency(averagingFrequency)
        .saveUpdater(true)
        .rddTrainingApproach(RDDTrainingApproach.Direct)
        // Otherwise, where memory is short, files would be read anew for every averaging.
        .storageLevel(StorageLevel.MEMORY_AND_DISK_SER())
        .collectTrainingStats(false)
        .rngSeed(seed)
        .build();
  }

  /** Mini-batches of shuffled images, put together in the tasks: arrays do not travel there. */
  private JavaRDD<DataSet> examples(JavaSparkContext spark, ClassifierData data, int epoch) {
    String folder = data.folder();
    int classes = data.classes();
    List<Manifest.Shard> shards = data.manifest().trainShards();
    return spark
        .parallelize(shards, shards.size())
        .flatMap(shard -> batches(folder, shard, classes, epoch));
  }

  private Iterator<DataSet> batches(String folder, Manifest.Shard shard, int classes, int epoch) {
    ImageBlock images = ShardFile.read(folder, shard);
    Random order = new Random(Objects.hash(seed, epoch, shard.file()));
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, images.count()).boxed().toList());
    Collections.shuffle(shuffled, order);
    int[] indices = shuffled.stream().mapToInt(Integer::intValue).toArray();
    return chunks(indices, batch).stream().map(part -> example(images, part, classes)).iterator();
  }

  private static List<int[]> chunks(int[] indices, int size) {
    List<int[]> chunks = new ArrayList<>();
    for (int from = 0; from < indices.length; from += size) {
      chunks.add(
          java.util.Arrays.copyOfRange(indices, from, Math.min(indices.length, from + size)));
    }
    return chunks;
  }

  private static DataSet example(ImageBlock images, int[] indices, int classes) {
    INDArray labels = Nd4j.zeros(indices.length, classes);
    for (int i = 0; i < indices.length; i++) {
      labels.putScalar(i, images.labels()[indices[i]], 1);
    }
    return new DataSet(ClassifierNetwork.input(images, indices), labels);
  }

  /** What tasks need to classify: no array of ND4J travels. */
  private record Trained(String definition, float[] parameters) implements Serializable {

    MultiLayerNetwork network() {
      MultiLayerNetwork network =
          new MultiLayerNetwork(MultiLayerConfiguration.fromJson(definition));
      network.init(Nd4j.createFromArray(parameters).reshape(1, parameters.length), false);
      return network;
    }
  }

  private static double accuracy(
      JavaSparkContext spark, ClassifierData data, MultiLayerNetwork network) {
    Broadcast<Trained> trained =
        spark.broadcast(
            new Trained(
                network.getLayerWiseConfigurations().toJson(), network.params().toFloatVector()));
    try {
      String folder = data.folder();
      List<Manifest.Shard> shards = data.manifest().heldOutShards();
      int correct =
          spark
              .parallelize(shards, shards.size())
              .map(shard -> correct(trained.value(), ShardFile.read(folder, shard)))
              .reduce(Integer::sum);
      return (double) correct / data.manifest().heldOutCount();
    } finally {
      trained.destroy();
    }
  }

  private static int correct(Trained trained, ImageBlock images) {
    int correct = 0;
    MultiLayerNetwork network = trained.network();
    for (int[] part : chunks(IntStream.range(0, images.count()).toArray(), MEASURED_AT_ONCE)) {
      try (INDArray input = ClassifierNetwork.input(images, part)) {
        int[] found = network.predict(input);
        for (int i = 0; i < part.length; i++) {
          correct += found[i] == images.labels()[part[i]] ? 1 : 0;
        }
      }
    }
    network.close();
    return correct;
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

  private static void requireAtLeastOne(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("Invalid " + what + ": " + value + " (must be >= 1)");
    }
  }
}
