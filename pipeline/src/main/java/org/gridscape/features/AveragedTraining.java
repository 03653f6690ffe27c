package org.gridscape.features;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Training by parameter averaging with dl4j-spark.
 *
 * <p>dl4j-spark adds up the workers' parameters in the order of their arrival, so two trainings
 * differ in their last bits and then in all. Its statistics stay off: they ask a time server on the
 * network.
 *
 * @param epochs passes over the training images
 * @param batch images a step of each worker
 * @param averagingFrequency steps between two averagings
 * @param learningRate of Adam, whose state is averaged too, at the first step; it falls
 *     exponentially to a twentieth at the last
 * @param workers copies that are averaged
 * @param seed of initial weights and of the order of the images
 */
public record AveragedTraining(
    int epochs, int batch, int averagingFrequency, double learningRate, int workers, long seed)
    implements Serializable {

  /** Share of the learning rate that is left after the last step. */
  private static final double FINAL_RATE = 0.05;

  /** Rejects counts below 1 and learning rates that are not positive. */
  public AveragedTraining {
    requireAtLeastOne("epochs", epochs);
    requireAtLeastOne("batch", batch);
    requireAtLeastOne("averaging frequency", averagingFrequency);
    requireAtLeastOne("workers", workers);
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException(
          "Invalid learning rate: " + learningRate + " (must be finite and > 0)");
    }
  }

  /** The learning rate: an exponential fall over the steps of one worker. */
  public ISchedule schedule(long images) {
    double steps = Math.max(1, (double) epochs * images / ((double) batch * workers));
    return new ExponentialSchedule(
        ScheduleType.ITERATION, learningRate, Math.pow(FINAL_RATE, 1 / steps));
  }

  /**
   * Cuts a shuffled set of images into mini-batches.
   *
   * @param images their number
   * @param order seed of the order
   * @return indices of the images of each mini-batch; the last may be shorter
   */
  public List<int[]> batches(int images, int order) {
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, images).boxed().toList());
    Collections.shuffle(shuffled, new Random(order));
    return chunks(shuffled.stream().mapToInt(Integer::intValue).toArray(), batch);
  }

  static List<int[]> chunks(int[] indices, int size) {
    List<int[]> chunks = new ArrayList<>();
    for (int from = 0; from < indices.length; from += size) {
      chunks.add(Arrays.copyOfRange(indices, from, Math.min(indices.length, from + size)));
    }
    return chunks;
  }

  /**
   * Trains a network in place.
   *
   * @param examples the mini-batches of an epoch, put together in the tasks: arrays do not travel
   *     there
   */
  public void fit(
      JavaSparkContext spark, MultiLayerNetwork network, IntFunction<JavaRDD<DataSet>> examples) {
    SparkDl4jMultiLayer distributed = new SparkDl4jMultiLayer(spark, network, master());
    fitEpochs(spark, epoch -> distributed.fit(examples.apply(epoch)));
  }

  /** As {@link #fit(JavaSparkContext, MultiLayerNetwork, IntFunction)}, for a graph. */
  public void fit(
      JavaSparkContext spark, ComputationGraph graph, IntFunction<JavaRDD<MultiDataSet>> examples) {
    SparkComputationGraph distributed = new SparkComputationGraph(spark, graph, master());
    fitEpochs(spark, epoch -> distributed.fitMultiDataSet(examples.apply(epoch)));
  }

  private void fitEpochs(JavaSparkContext spark, IntConsumer fit) {
    Set<Integer> persistedBefore = Set.copyOf(spark.getPersistentRDDs().keySet());
    for (int epoch = 0; epoch < epochs; epoch++) {
      try {
        fit.accept(epoch);
      } finally {
        unpersistAllBut(persistedBefore, spark);
      }
    }
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
