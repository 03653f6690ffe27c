package org.gridscape.dl4j;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.gridscape.energy.Dl4jNetwork;
import org.gridscape.energy.MapNetwork;
import org.gridscape.features.AveragedTraining;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.pyramid.GridLadder;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import scala.Tuple2;

/**
 * Teaches upsamplers, before a generator learns, with dl4j-spark: each corrects the replicated
 * average of the images on the grid below towards their average on its own grid, by least squares.
 *
 * <p>Each upsampler is trained alone, from images and not from what the one below it gives. Two
 * trainings differ, as {@link AveragedTraining} says. Source: derived, after the components that Wu
 * et al. 2019 name.
 *
 * @param settings how long, in what steps
 * @param hiddenSide side of the images below the first upsampler
 */
public record UpsamplerPretraining(AveragedTraining settings, int hiddenSide)
    implements Serializable {

  /** Rejects a side below 1. */
  public UpsamplerPretraining {
    if (hiddenSide < 1) {
      throw new IllegalArgumentException("Invalid hidden side: " + hiddenSide + " (must be >= 1)");
    }
  }

  /**
   * Trains every upsampler.
   *
   * @param images in batches at full resolution, all of one shape; read once to count them and once
   *     an epoch and upsampler, so better cached
   * @param upsamplers coarse to fine, each on its own grid
   * @param initial parameters of each, in flat order; not modified
   * @return trained parameters of each, in flat order
   * @throws IllegalArgumentException if networks, parameters and images do not fit together
   */
  public List<float[]> train(
      JavaSparkContext spark,
      JavaRDD<ImageBatch> images,
      List<MapNetwork> upsamplers,
      List<float[]> initial) {
    requireLadder(upsamplers, initial);
    int count = count(images, upsamplers.get(upsamplers.size() - 1).input());
    List<float[]> trained = new ArrayList<>();
    int below = hiddenSide;
    for (int i = 0; i < upsamplers.size(); i++) {
      int coarse = below;
      int fine = upsamplers.get(i).input().side();
      ComputationGraph graph =
          Dl4jNetwork.of(
              upsamplers.get(i), initial.get(i), true, new Adam(settings.schedule(count)));
      settings.fit(
          spark, graph, epoch -> images.flatMap(batch -> examples(batch, coarse, fine, epoch)));
      trained.add(graph.params().toFloatVector());
      graph.close();
      below = fine;
    }
    return trained;
  }

  private void requireLadder(List<MapNetwork> upsamplers, List<float[]> initial) {
    if (upsamplers.isEmpty() || initial.size() != upsamplers.size()) {
      throw new IllegalArgumentException(
          "Invalid upsamplers: %d with %d arrays of parameters (must be at least one, an array each)"
              .formatted(upsamplers.size(), initial.size()));
    }
    ImageShape below = upsamplers.get(0).input().withSide(hiddenSide);
    for (int i = 0; i < upsamplers.size(); i++) {
      MapNetwork upsampler = upsamplers.get(i);
      upsampler.requireParameters(initial.get(i));
      ImageShape own = upsampler.input();
      if (!own.equals(upsampler.output()) || !isAverageOf(below, own)) {
        throw new IllegalArgumentException(
            "Invalid upsampler: %s to %s, above %s (must give what it takes, a multiple of that)"
                .formatted(upsampler, upsampler.output(), below));
      }
      below = own;
    }
  }

  private static int count(JavaRDD<ImageBatch> images, ImageShape finest) {
    Map<ImageShape, Integer> counts =
        images
            .mapToPair(batch -> new Tuple2<>(batch.shape(), batch.count()))
            .reduceByKeyLocally(Integer::sum);
    if (counts.isEmpty()) {
      throw new IllegalArgumentException("Cannot train upsamplers: there are no images");
    }
    for (ImageShape shape : counts.keySet()) {
      if (counts.size() > 1 || !isAverageOf(finest, shape)) {
        throw new IllegalArgumentException(
            "Invalid images: shapes %s (must be one, a multiple of %s)"
                .formatted(counts.keySet(), finest));
      }
    }
    return counts.values().iterator().next();
  }

  private static boolean isAverageOf(ImageShape coarse, ImageShape fine) {
    return coarse.channels() == fine.channels() && fine.side() % coarse.side() == 0;
  }

  /** The images decide their order, since batches have no number. */
  private Iterator<MultiDataSet> examples(ImageBatch images, int coarse, int fine, int epoch) {
    ImageBatch inputs = GridLadder.replicate(GridLadder.average(images, coarse), fine);
    ImageBatch targets = GridLadder.average(images, fine);
    int order = Objects.hash(settings.seed(), epoch, images);
    return settings.batches(images.count(), order).stream()
        .map(part -> example(inputs, targets, part))
        .iterator();
  }

  private static MultiDataSet example(ImageBatch inputs, ImageBatch targets, int[] indices) {
    return new org.nd4j.linalg.dataset.MultiDataSet(
        array(inputs, indices), array(targets, indices));
  }

  private static INDArray array(ImageBatch images, int[] indices) {
    ImageShape shape = images.shape();
    float[] pixels = new float[indices.length * shape.size()];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(
          images.pixels(), indices[i] * shape.size(), pixels, i * shape.size(), shape.size());
    }
    return Nd4j.createFromArray(pixels)
        .reshape(indices.length, shape.channels(), shape.side(), shape.side());
  }
}
