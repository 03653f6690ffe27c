package org.gridscape.langevin;

import java.io.Serializable;

/** Where the chains of learning start. */
public sealed interface ChainStart extends Serializable {

  /**
   * The 1x1 version of each observed image, replicated; each finer grid starts from the result of
   * the coarser one. Source: Gao et al. 2018, Algorithm 1.
   */
  record MinimalImage() implements ChainStart {}

  /** The observed image of the grid: contrastive divergence. Source: Hinton 2002. */
  record Data() implements ChainStart {}

  /**
   * The chain's own state at the end of the iteration before, uniform noise at first: persistent
   * contrastive divergence. Source: Tieleman 2008.
   */
  record Persistent() implements ChainStart {}

  /** Uniform noise, each grid for itself: short-run chains. Source: Nijkamp et al. 2019. */
  record Noise() implements ChainStart {}

  /**
   * Reads the notation of the configuration.
   *
   * @param name {@code minimal-image}, {@code data}, {@code persistent} or {@code noise}
   */
  static ChainStart parse(String name) {
    return switch (name) {
      case "minimal-image" -> new MinimalImage();
      case "data" -> new Data();
      case "persistent" -> new Persistent();
      case "noise" -> new Noise();
      default ->
          throw new IllegalArgumentException(
              "Invalid chain start: %s (must be minimal-image, data, persistent or noise)"
                  .formatted(name));
    };
  }
}
