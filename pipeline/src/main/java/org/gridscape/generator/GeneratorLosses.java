package org.gridscape.generator;

import java.io.Serializable;

/**
 * Weights of what the generator learns; 0 leaves a part out. Squares are summed over pixels and
 * averaged over images. The noise of regression is in units of the pixel range, as in CoopNets
 * (0.3). What upsamplers give is compared as it is before the clip to the pixel range, which would
 * hide how far beyond it lies; the next grid takes it clipped. Source: after Wu et al. 2019, which
 * names matching, amortised and symmetric learning; the losses are derived.
 *
 * @param match of |D_s - u_s(D_(s-1))|^2: upsamplers shall give the images of the next grid
 * @param teach of |y_s - u_s(y_(s-1))|^2 / (2 deviation^2): they shall give what chains reach, from
 *     the code of the chain's result
 * @param deviation of the regression on chains' results, positive
 * @param reconstruct of |D_s - u_s(...u_1(e(x)))|^2: from the code of an image they shall give it
 *     back
 * @param code of |z - e(y)|^2: the encoder shall find the code that a chain started from
 * @param normal of the distance of the codes' law to N(0, I)
 */
public record GeneratorLosses(
    double match, double teach, double deviation, double reconstruct, double code, double normal)
    implements Serializable {

  /** Nothing is learned. */
  public static final GeneratorLosses NONE = new GeneratorLosses(0, 0, 1, 0, 0, 0);

  /** Rejects negative weights. */
  public GeneratorLosses {
    requireWeight("match", match);
    requireWeight("teach", teach);
    requireWeight("reconstruct", reconstruct);
    requireWeight("code", code);
    requireWeight("normal", normal);
    if (!(deviation > 0) || Double.isInfinite(deviation)) {
      throw new IllegalArgumentException(
          "Invalid generator.loss.deviation: %s (must be > 0 and finite)".formatted(deviation));
    }
  }

  private static void requireWeight(String name, double weight) {
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException(
          "Invalid generator.loss.%s: %s (must be >= 0 and finite)".formatted(name, weight));
    }
  }
}
