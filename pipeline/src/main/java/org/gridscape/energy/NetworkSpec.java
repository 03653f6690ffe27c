package org.gridscape.energy;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The network of one grid: convolutions with SAME padding and bias, each followed by batch
 * normalisation if wanted and an activation, then a dense layer to the single number f.
 *
 * <p>Source: Gao et al. 2018, the networks of the experiments, and the authors' released code.
 *
 * @param convolutions bottom to top, at least one
 * @param activation after every convolution
 * @param batchNorm whether statistics of the batch normalise each convolution's output; f of an
 *     image then depends on the images beside it
 */
public record NetworkSpec(List<Convolution> convolutions, Activation activation, boolean batchNorm)
    implements Serializable {
  private static final Pattern CONVOLUTION =
      Pattern.compile("(\\d{1,6})x(\\d{1,6})(?:/(\\d{1,6}))?-(\\d{1,6})");
  private static final String HEAD = "dense 1";

  /**
   * One convolution.
   *
   * @param kernel side of the kernel, at least 1
   * @param stride step in both directions, at least 1
   * @param channels output channels, at least 1
   */
  public record Convolution(int kernel, int stride, int channels) implements Serializable {
    /** Rejects sizes below 1. */
    public Convolution {
      if (kernel < 1 || stride < 1 || channels < 1) {
        throw new IllegalArgumentException(
            "Invalid convolution: %dx%d/%d-%d (must be KxK/STRIDE-CHANNELS, all >= 1)"
                .formatted(kernel, kernel, stride, channels));
      }
    }

    /** Output side for an input side: the input side over the stride, rounded up. */
    public int outputSide(int side) {
      return (side + stride - 1) / stride;
    }

    @Override
    public String toString() {
      return kernel + "x" + kernel + (stride == 1 ? "" : "/" + stride) + "-" + channels;
    }
  }

  /** Rejects a network without a convolution. */
  public NetworkSpec {
    convolutions = List.copyOf(convolutions);
    if (convolutions.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid network: no convolution (must be at least one before " + HEAD + ")");
    }
  }

  /**
   * Reads the notation of the configuration, for example {@code "5x5/2-32, 3x3-64, dense 1"}: a 5x5
   * convolution of stride 2 to 32 channels, a 3x3 one of stride 1 to 64, the head.
   */
  public static NetworkSpec parse(String text, Activation activation, boolean batchNorm) {
    String[] layers = text.strip().split("\\s*,\\s*", -1);
    if (!layers[layers.length - 1].equals(HEAD)) {
      throw new IllegalArgumentException(
          "Invalid network: \"%s\" (must end with \"%s\")".formatted(text, HEAD));
    }
    List<Convolution> convolutions = new ArrayList<>();
    for (String layer : List.of(layers).subList(0, layers.length - 1)) {
      convolutions.add(convolution(layer));
    }
    return new NetworkSpec(convolutions, activation, batchNorm);
  }

  static Convolution convolution(String layer) {
    Matcher matcher = CONVOLUTION.matcher(layer);
    if (!matcher.matches() || !matcher.group(1).equals(matcher.group(2))) {
      throw new IllegalArgumentException(
          "Invalid layer: \"%s\" (must be KxK-CHANNELS or KxK/STRIDE-CHANNELS, like 5x5/2-32)"
              .formatted(layer));
    }
    int stride = matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3));
    return new Convolution(
        Integer.parseInt(matcher.group(1)), stride, Integer.parseInt(matcher.group(4)));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    convolutions.forEach(convolution -> text.append(convolution).append(", "));
    return text.append(HEAD).toString();
  }
}
