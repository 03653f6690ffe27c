package org.gridscape.energy;

import java.util.ArrayList;
import java.util.List;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;

/**
 * The network of a grid for images of one shape, with the layout of its parameters.
 *
 * <p>Parameters are one float array in DL4J's flat order: layer by layer, a convolution's bias
 * before its weights [out, in, k, k], batch normalisation as gamma, beta, mean, variance (the last
 * two are not learned and not read, since statistics of the batch are used), the head's weights
 * before its bias. {@link Dl4jNetwork} converts; this is plain Java.
 *
 * @param spec layers
 * @param shape of the images on this grid
 */
public record GridNetwork(NetworkSpec spec, ImageShape shape) implements Network {
  static final double BATCH_NORM_EPSILON = 1e-5;

  @Override
  public String name() {
    return "grid-" + shape.side();
  }

  @Override
  public List<Tensor> tensors() {
    List<Tensor> tensors = new ArrayList<>();
    int offset = 0;
    int channels = shape.channels();
    int side = shape.side();
    for (NetworkSpec.Convolution layer : spec.convolutions()) {
      int area = layer.kernel() * layer.kernel();
      int fanIn = channels * area;
      int fanOut = layer.channels() * area;
      offset = append(tensors, Role.BIAS, offset, layer.channels(), fanIn, fanOut);
      offset = append(tensors, Role.WEIGHT, offset, layer.channels() * fanIn, fanIn, fanOut);
      channels = layer.channels();
      side = layer.outputSide(side);
      if (spec.batchNorm()) {
        offset = append(tensors, Role.GAMMA, offset, channels, 1, 1);
        offset = append(tensors, Role.BETA, offset, channels, 1, 1);
        offset = append(tensors, Role.UNUSED, offset, 2 * channels, 1, 1);
      }
    }
    int features = channels * side * side;
    offset = append(tensors, Role.WEIGHT, offset, features, features, 1);
    append(tensors, Role.BIAS, offset, 1, features, 1);
    return tensors;
  }

  private static int append(
      List<Tensor> tensors, Role role, int offset, int length, int fanIn, int fanOut) {
    tensors.add(new Tensor(role, offset, length, fanIn, fanOut));
    return offset + length;
  }

  /** Multiplications and additions of one forward pass for one image, normalisation left out. */
  public long multiplyAdds() {
    long total = 0;
    int channels = shape.channels();
    int side = shape.side();
    for (NetworkSpec.Convolution layer : spec.convolutions()) {
      side = layer.outputSide(side);
      total += (long) channels * layer.kernel() * layer.kernel() * layer.channels() * side * side;
      channels = layer.channels();
    }
    return total + (long) channels * side * side;
  }

  void requireNoBatchNorm() {
    if (spec.batchNorm()) {
      throw new UnsupportedOperationException(
          "Cannot compute penalty gradient: with batch normalisation f of an image depends on the"
              + " others");
    }
  }

  void requireShapeOf(ImageBatch images) {
    if (!images.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "Invalid images: shape %s (must be %s)".formatted(images.shape(), shape));
    }
  }

  static void requireGradientOf(ImageBatch images, float[] gradient) {
    if (gradient.length != images.pixels().length) {
      throw new IllegalArgumentException(
          "Invalid gradient array: %d values (must be %d, as the images)"
              .formatted(gradient.length, images.pixels().length));
    }
  }

  static void requireWeightsOf(ImageBatch images, float[] weights) {
    if (weights.length != images.count()) {
      throw new IllegalArgumentException(
          "Invalid weights: %d values (must be one for each of %d images)"
              .formatted(weights.length, images.count()));
    }
  }

  @Override
  public String toString() {
    return spec + " on " + shape;
  }
}
