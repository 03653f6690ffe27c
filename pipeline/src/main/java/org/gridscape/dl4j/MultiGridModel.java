package org.gridscape.dl4j;

import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.gridscape.distribute.ModelState;
import org.gridscape.distribute.Parameters;
import org.gridscape.energy.Dl4jNetwork;
import org.gridscape.energy.GridNetwork;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.pyramid.GridLadder;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained multi-grid model as DL4J networks, one a grid. Each network computes f of an image on
 * its grid, [n, channels, side, side] in the pixel range of the chains, as [n, 1]: the higher, the
 * likelier. Lives on the driver.
 *
 * <p>With batch normalisation f uses the statistics of the batch, and DL4J must be asked for {@code
 * network.output(images, true)}.
 *
 * @param networks their definitions, coarse to fine
 * @param featureRange pixel range of the program's features
 * @param chainRange pixel range of the chains, in which the networks take images
 * @param state after the last iteration
 */
public record MultiGridModel(
    List<GridNetwork> networks, PixelRange featureRange, PixelRange chainRange, ModelState state) {

  /** Copies the list. */
  public MultiGridModel {
    networks = List.copyOf(networks);
  }

  /**
   * New networks with the moving average of the parameters, coarse to fine; the caller closes them.
   */
  public List<MultiLayerNetwork> averaged() {
    return networks(state.average());
  }

  /**
   * New networks with the parameters of the last iteration, coarse to fine; the caller closes them.
   */
  public List<MultiLayerNetwork> raw() {
    return networks(state.parameters());
  }

  private List<MultiLayerNetwork> networks(Parameters parameters) {
    return IntStream.range(0, networks.size())
        .mapToObj(grid -> Dl4jNetwork.of(networks.get(grid), parameters.arrays().get(grid)))
        .toList();
  }

  /**
   * SHA-256 of the raw parameters: equal for equal images in equal order under one configuration,
   * on any cluster of one kind of processor.
   */
  public String parametersSha256() {
    return state.parameters().sha256();
  }

  /**
   * The program's images as the network of a grid takes them: averaged over blocks, in the range of
   * the chains.
   *
   * @param features [n, channels, side, side] in the range of the features; not modified
   * @param grid from 0, the coarsest
   * @return a new array, which the caller closes
   * @throws IllegalArgumentException if the features are of another shape
   */
  public INDArray onGrid(INDArray features, int grid) {
    ImageShape top = networks.get(networks.size() - 1).shape();
    int count = (int) features.size(0);
    long[] wanted = {count, top.channels(), top.side(), top.side()};
    if (!java.util.Arrays.equals(features.shape(), wanted)) {
      throw new IllegalArgumentException(
          "Invalid features: %s (must be [n, %d, %d, %d])"
              .formatted(
                  java.util.Arrays.toString(features.shape()),
                  top.channels(),
                  top.side(),
                  top.side()));
    }
    int side = networks.get(grid).shape().side();
    ImageBatch images = new ImageBatch(top, count, inChainRange(features));
    return Nd4j.create(
        GridLadder.average(images, side).pixels(),
        new long[] {count, top.channels(), side, side},
        'c');
  }

  private float[] inChainRange(INDArray features) {
    float[] values;
    try (INDArray ordered = features.dup('c')) {
      values = ordered.data().asFloat();
    }
    float scale =
        (chainRange.high() - chainRange.low()) / (featureRange.high() - featureRange.low());
    for (int i = 0; i < values.length; i++) {
      values[i] = chainRange.low() + (values[i] - featureRange.low()) * scale;
    }
    return values;
  }
}
