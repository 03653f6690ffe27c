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
   * The image of a code drawn from N(0, I) on the first grid; each finer grid starts from the
   * result of the coarser one, upsampled. No observed image is needed. Source: after Wu et al.
   * 2019, hidden space mapping with a normal reference distribution.
   */
  record Hidden() implements ChainStart {}

  /**
   * Reads the notation of the configuration.
   *
   * @param name {@code minimal-image}, {@code hidden}, {@code data}, {@code persistent} or {@code
   *     noise}
   */
  static ChainStart parse(String name) {
    return switch (name) {
      case "minimal-image" -> new MinimalImage();
      case "hidden" -> new Hidden();
      case "data" -> new Data();
      case "persistent" -> new Persistent();
      case "noise" -> new Noise();
      default ->
          throw new IllegalArgumentException(
              "Invalid chain start: %s (must be minimal-image, hidden, data, persistent or noise)"
                  .formatted(name));
    };
  }
}
