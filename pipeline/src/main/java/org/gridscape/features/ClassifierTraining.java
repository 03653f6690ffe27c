package org.gridscape.features;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardFile;
import org.gridscape.image.ImageBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains a small classifier of a labelled data set by parameter averaging with dl4j-spark. Features
 * of such a classifier judge images.
 *
 * <p>Images are read, measured and put into mini-batches in tasks, a file each; the driver sees
 * none. A mini-batch holds images of one file.
 *
 * <p>Two trainings differ: the weights in use are shipped, with their SHA-256.
 *
 * @param settings how long, in what steps
 */
public record ClassifierTraining(AveragedTraining settings) implements Serializable {

  /** Images that a task classifies at once. */
  private static final int MEASURED_AT_ONCE = 100;

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
                settings.schedule(data.manifest().trainCount()),
                settings.seed()));
    network.init();
    settings.fit(spark, network, epoch -> examples(spark, data, epoch));
    return network;
  }

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
    int order = Objects.hash(settings.seed(), epoch, shard.file());
    return settings.batches(images.count(), order).stream()
        .map(part -> example(images, part, classes))
        .iterator();
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
    int[] all = IntStream.range(0, images.count()).toArray();
    for (int[] part : AveragedTraining.chunks(all, MEASURED_AT_ONCE)) {
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
}
