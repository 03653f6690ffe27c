package org.gridscape.dl4j;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
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
 * Trains upsamplers and encoder of a generator from images alone, with dl4j-spark, before the
 * energies learn. Squares are summed over pixels and averaged over images; u_s is taken without its
 * clip to the pixel range.
 *
 * <p>Two trainings differ, as {@link AveragedTraining} says. Source: derived, after the components
 * that Wu et al. 2019 name.
 *
 * @param settings how long, in what steps
 * @param hiddenSide side of the thumbnails below the first upsampler
 * @param upsamplers coarse to fine, each on its own grid
 */
public record GeneratorPretraining(
    AveragedTraining settings, int hiddenSide, List<MapNetwork> upsamplers)
    implements Serializable {

  /** Rejects networks that do not make images of the next grid from those of one. */
  public GeneratorPretraining {
    upsamplers = List.copyOf(upsamplers);
    if (hiddenSide < 1) {
      throw new IllegalArgumentException("Invalid hidden side: " + hiddenSide + " (must be >= 1)");
    }
    if (upsamplers.isEmpty()) {
      throw new IllegalArgumentException("Invalid upsamplers: none (must be at least one)");
    }
    ImageShape below = upsamplers.get(0).input().withSide(hiddenSide);
    for (MapNetwork upsampler : upsamplers) {
      ImageShape own = upsampler.input();
      if (!own.equals(upsampler.output()) || !isAverageOf(below, own)) {
        throw new IllegalArgumentException(
            "Invalid upsampler: %s to %s, above %s (must give what it takes, a multiple of that)"
                .formatted(upsampler, upsampler.output(), below));
      }
      below = own;
    }
  }

  /**
   * Trains every upsampler alone, to correct the replicated average of the images on the grid below
   * towards their average on its own: |D_s - u_s(D_(s-1))|^2.
   *
   * @param images in batches at full resolution, all of one shape; read once to count them and once
   *     an epoch and upsampler, so better cached
   * @param initial parameters of each upsampler, in flat order; not modified
   * @return trained parameters of each, in flat order
   * @throws IllegalArgumentException if parameters or images do not fit the networks
   */
  public List<float[]> trainUpsamplers(
      JavaSparkContext spark, JavaRDD<ImageBatch> images, List<float[]> initial) {
    requireParameters(initial);
    int count = count(images).count();
    List<float[]> trained = new ArrayList<>();
    for (int i = 0; i < upsamplers.size(); i++) {
      int grid = i;
      ComputationGraph graph =
          Dl4jNetwork.of(
              upsamplers.get(i), initial.get(i), true, new Adam(settings.schedule(count)));
      settings.fit(spark, graph, epoch -> images.flatMap(batch -> matches(batch, grid, epoch)));
      trained.add(graph.params().toFloatVector());
      graph.close();
    }
    return trained;
  }

  /**
   * Trains an encoder so that upsamplers, which stay as they are, give images back from their
   * codes: sum_s |D_s - u_s(...u_1(D_0 + R e(x)))|^2 + nearness |e(x)|^2, where D_0 is the
   * thumbnail of image x and e(x) the correction of its code.
   *
   * @param images as for the upsamplers
   * @param parameters of each upsampler, in flat order; not modified
   * @param encoder from full images to corrections, shaped as thumbnails
   * @param initial parameters of the encoder, in flat order; not modified
   * @param root R, from codes to thumbnails, a symmetric matrix of the size of a thumbnail,
   *     row-major
   * @param nearness keeps codes near those that thumbnails alone have, at least 0
   * @return trained parameters of the encoder, in flat order
   * @throws IllegalArgumentException if parameters or images do not fit the networks
   */
  public float[] trainEncoder(
      JavaSparkContext spark,
      JavaRDD<ImageBatch> images,
      List<float[]> parameters,
      MapNetwork encoder,
      float[] initial,
      float[] root,
      double nearness) {
    requireParameters(parameters);
    ReconstructionGraph definition =
        new ReconstructionGraph(thumbnail(), upsamplers, encoder, nearness);
    Counted counted = count(images);
    if (!encoder.input().equals(counted.shape())) {
      throw new IllegalArgumentException(
          "Invalid images: shape %s (must be %s, as the encoder takes them)"
              .formatted(counted.shape(), encoder.input()));
    }
    ComputationGraph graph =
        definition.graph(parameters, initial, root, new Adam(settings.schedule(counted.count())));
    settings.fit(spark, graph, epoch -> images.flatMap(batch -> reconstructions(batch, epoch)));
    float[] all = graph.params().toFloatVector();
    graph.close();
    return Arrays.copyOf(all, encoder.parameterCount());
  }

  private ImageShape thumbnail() {
    return upsamplers.get(0).input().withSide(hiddenSide);
  }

  private List<Integer> sides() {
    return upsamplers.stream().map(upsampler -> upsampler.input().side()).toList();
  }

  private void requireParameters(List<float[]> parameters) {
    if (parameters.size() != upsamplers.size()) {
      throw new IllegalArgumentException(
          "Invalid parameters: %d arrays (must be one for each of %d upsamplers)"
              .formatted(parameters.size(), upsamplers.size()));
    }
    for (int i = 0; i < upsamplers.size(); i++) {
      upsamplers.get(i).requireParameters(parameters.get(i));
    }
  }

  /** The shape of all images and how many there are. */
  private record Counted(ImageShape shape, int count) {}

  private Counted count(JavaRDD<ImageBatch> images) {
    ImageShape finest = upsamplers.get(upsamplers.size() - 1).input();
    Map<ImageShape, Integer> counts =
        images
            .mapToPair(batch -> new Tuple2<>(batch.shape(), batch.count()))
            .reduceByKeyLocally(Integer::sum);
    if (counts.isEmpty()) {
      throw new IllegalArgumentException("Cannot train generator: there are no images");
    }
    Map.Entry<ImageShape, Integer> first = counts.entrySet().iterator().next();
    if (counts.size() > 1 || !isAverageOf(finest, first.getKey())) {
      throw new IllegalArgumentException(
          "Invalid images: shapes %s (must be one, a multiple of %s)"
              .formatted(counts.keySet(), finest));
    }
    return new Counted(first.getKey(), first.getValue());
  }

  private static boolean isAverageOf(ImageShape coarse, ImageShape fine) {
    return coarse.channels() == fine.channels() && fine.side() % coarse.side() == 0;
  }

  private Iterator<MultiDataSet> matches(ImageBatch images, int grid, int epoch) {
    int coarse = grid == 0 ? hiddenSide : sides().get(grid - 1);
    int fine = sides().get(grid);
    ImageBatch inputs = GridLadder.replicate(GridLadder.average(images, coarse), fine);
    ImageBatch targets = GridLadder.average(images, fine);
    return examples(List.of(inputs), List.of(targets), images, epoch);
  }

  /** In the order of inputs and outputs of {@link ReconstructionGraph}. */
  private Iterator<MultiDataSet> reconstructions(ImageBatch images, int epoch) {
    ImageBatch thumbnails = GridLadder.average(images, hiddenSide);
    List<ImageBatch> targets = new ArrayList<>();
    sides().forEach(side -> targets.add(GridLadder.average(images, side)));
    targets.add(ImageBatch.zeros(thumbnails.shape(), images.count()));
    return examples(List.of(images, thumbnails), targets, images, epoch);
  }

  /** The images decide their order, since batches have no number. */
  private Iterator<MultiDataSet> examples(
      List<ImageBatch> inputs, List<ImageBatch> targets, ImageBatch images, int epoch) {
    int order = Objects.hash(settings.seed(), epoch, images);
    return settings.batches(images.count(), order).stream()
        .<MultiDataSet>map(
            part ->
                new org.nd4j.linalg.dataset.MultiDataSet(
                    arrays(inputs, part), arrays(targets, part)))
        .iterator();
  }

  private static INDArray[] arrays(List<ImageBatch> images, int[] indices) {
    return images.stream().map(batch -> array(batch, indices)).toArray(INDArray[]::new);
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
