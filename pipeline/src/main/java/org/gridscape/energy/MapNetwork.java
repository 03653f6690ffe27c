package org.gridscape.energy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;

/**
 * A network from images to images: convolutions with SAME padding and bias, an activation after
 * each but the last. Its last layer starts at 0, so that what it is added to stays as it is at
 * first.
 *
 * <p>Parameters are one float array in DL4J's flat order: layer by layer, a convolution's bias
 * before its weights [out, in, k, k]. Source: derived, after the components that Wu et al. 2019
 * name; their networks are not known.
 *
 * @param name what files and messages call it
 * @param convolutions bottom to top, at least one
 * @param activation after every convolution but the last
 * @param input shape of the images it takes
 */
public record MapNetwork(
    String name,
    List<NetworkSpec.Convolution> convolutions,
    Activation activation,
    ImageShape input)
    implements Network {

  /** Rejects a network without layers, or whose last layer gives what no image has. */
  public MapNetwork {
    convolutions = List.copyOf(convolutions);
    if (convolutions.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid network %s: no convolution (must be at least one)".formatted(name));
    }
    int channels = convolutions.get(convolutions.size() - 1).channels();
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "Invalid network %s: %d channels in the last convolution (must be 1 or 3)"
              .formatted(name, channels));
    }
  }

  /**
   * Reads the notation of the configuration, for example {@code "3x3-32, 3x3/2-32, 3x3-image"}:
   * like {@link NetworkSpec#parse}, but for the channels of the last layer, which stand as a word.
   *
   * @param key of the setting, for errors
   * @param word that stands for the channels of {@code output}
   * @param output shape that the network must give
   */
  public static MapNetwork parse(
      String key,
      String text,
      String word,
      String name,
      Activation activation,
      ImageShape input,
      ImageShape output) {
    String[] layers = text.strip().split("\\s*,\\s*", -1);
    int last = layers.length - 1;
    if (!layers[last].endsWith("-" + word)) {
      throw new IllegalArgumentException(
          "Invalid %s: \"%s\" (must end with a layer like \"3x3-%s\")".formatted(key, text, word));
    }
    layers[last] =
        layers[last].substring(0, layers[last].length() - word.length()) + output.channels();
    MapNetwork network;
    try {
      network =
          new MapNetwork(
              name,
              Arrays.stream(layers).map(NetworkSpec::convolution).toList(),
              activation,
              input);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("%s: %s".formatted(key, e.getMessage()), e);
    }
    if (!network.output().equals(output)) {
      throw new IllegalArgumentException(
          "Invalid %s: \"%s\" makes %s of %s (must make %s)"
              .formatted(key, text, network.output(), input, output));
    }
    return network;
  }

  /** Shape of the images it gives. */
  public ImageShape output() {
    int side = input.side();
    for (NetworkSpec.Convolution layer : convolutions) {
      side = layer.outputSide(side);
    }
    return new ImageShape(convolutions.get(convolutions.size() - 1).channels(), side);
  }

  /** Multiplications and additions of one forward pass for one image. */
  public long multiplyAdds() {
    long total = 0;
    int channels = input.channels();
    int side = input.side();
    for (NetworkSpec.Convolution layer : convolutions) {
      side = layer.outputSide(side);
      total += (long) channels * layer.kernel() * layer.kernel() * layer.channels() * side * side;
      channels = layer.channels();
    }
    return total;
  }

  @Override
  public List<Tensor> tensors() {
    List<Tensor> tensors = new ArrayList<>();
    int offset = 0;
    int channels = input.channels();
    for (int i = 0; i < convolutions.size(); i++) {
      NetworkSpec.Convolution layer = convolutions.get(i);
      boolean last = i == convolutions.size() - 1;
      int area = layer.kernel() * layer.kernel();
      int fanIn = channels * area;
      int fanOut = layer.channels() * area;
      int weights = layer.channels() * fanIn;
      tensors.add(new Tensor(Role.BIAS, offset, layer.channels(), fanIn, fanOut, last));
      offset += layer.channels();
      tensors.add(new Tensor(Role.WEIGHT, offset, weights, fanIn, fanOut, last));
      offset += weights;
      channels = layer.channels();
    }
    return tensors;
  }

  void requireOutputAsInput() {
    if (!output().equals(input)) {
      throw new IllegalArgumentException(
          "Cannot add input to output of %s: it is %s".formatted(this, output()));
    }
  }

  void requireShapeOf(ImageBatch images) {
    if (!images.shape().equals(input)) {
      throw new IllegalArgumentException(
          "Invalid images: shape %s (must be %s)".formatted(images.shape(), input));
    }
  }

  void requireSignalsOf(ImageBatch images, ImageBatch signals) {
    if (!signals.shape().equals(output()) || signals.count() != images.count()) {
      throw new IllegalArgumentException(
          "Invalid signals: %s (must be %d images of %s)"
              .formatted(signals, images.count(), output()));
    }
  }

  @Override
  public String toString() {
    return "%s on %s"
        .formatted(
            convolutions.stream().map(Object::toString).collect(Collectors.joining(", ")), input);
  }
}
