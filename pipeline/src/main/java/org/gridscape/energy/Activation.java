package org.gridscape.energy;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The non-linearity after each convolution. */
public sealed interface Activation extends Serializable {

  /**
   * x for x > 0, slope x otherwise.
   *
   * @param slope in (0, 1); the authors' release uses 0.2
   */
  record LeakyRelu(double slope) implements Activation {
    /** Rejects slopes that are not leaks. */
    public LeakyRelu {
      if (!(slope > 0 && slope < 1)) {
        throw new IllegalArgumentException(
            "Invalid leaky-relu slope: " + slope + " (must be in (0, 1))");
      }
    }
  }

  /** max(x, 0). */
  record Relu() implements Activation {}

  /** x sigmoid(x), also called swish. */
  record Silu() implements Activation {}

  /**
   * Reads the notation of the configuration.
   *
   * @param text {@code relu}, {@code silu} or {@code leaky-relu(0.2)} with any slope
   */
  static Activation parse(String text) {
    String name = text.strip();
    Matcher leaky =
        Pattern.compile("leaky-relu\\((-?\\d+(?:\\.\\d+)?(?:[eE]-?\\d+)?)\\)").matcher(name);
    if (leaky.matches()) {
      return new LeakyRelu(Double.parseDouble(leaky.group(1)));
    }
    return switch (name) {
      case "relu" -> new Relu();
      case "silu" -> new Silu();
      default ->
          throw new IllegalArgumentException(
              "Invalid activation: " + name + " (must be relu, silu or leaky-relu(SLOPE))");
    };
  }

  /** Whether the slope is constant on either side of 0. */
  default boolean isPiecewiseLinear() {
    return this instanceof Relu || this instanceof LeakyRelu;
  }
}
