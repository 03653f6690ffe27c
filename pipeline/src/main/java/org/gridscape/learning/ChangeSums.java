package org.gridscape.learning;

import java.io.Serializable;
import java.util.OptionalDouble;

/**
 * Sums of what the last update changed f by on the ends of the chains of one grid.
 *
 * <p>Learning takes P_t, on which the chains stand, from P_(t-1) by the tilt exp(f_t - f_(t-1)), so
 * that KL(P_t || P_(t-1)) is half the variance of the change over P_t, up to the third order in the
 * change (derived). That is what the KL discrete flow dissipates by the update; where chains all
 * stand in one place it vanishes, however far from the images they are. With Adam this is exact
 * where (rate^2 / 2) Var(g' df/dtheta) is not: the update made is not rate x g.
 *
 * <p>In the units of f, as of chains at the temperature 1. At T = b^2 / (2 a) the law is exp(f /
 * T), and its divergence is that over T^2; T of one run does not change, so its curve has the same
 * form.
 *
 * @param images chains measured; 0 where the change is not
 * @param change sum over them of f_t - f_(t-1)
 * @param squares sum of its square
 */
public record ChangeSums(long images, double change, double squares) implements Serializable {

  /** Nothing measured. */
  public static final ChangeSums NONE = new ChangeSums(0, 0, 0);

  /**
   * Of one batch.
   *
   * @param now f_t, one number an image
   * @param before f_(t-1) of the same images
   */
  static ChangeSums of(float[] now, float[] before) {
    double change = 0;
    double squares = 0;
    for (int i = 0; i < now.length; i++) {
      double difference = (double) now[i] - before[i];
      change += difference;
      squares += difference * difference;
    }
    return new ChangeSums(now.length, change, squares);
  }

  /** Sums over the images of both. */
  public ChangeSums plus(ChangeSums other) {
    return new ChangeSums(images + other.images, change + other.change, squares + other.squares);
  }

  /** Half the variance over the chains; none where it is not measured. */
  public OptionalDouble dissipation() {
    if (images == 0) {
      return OptionalDouble.empty();
    }
    double mean = change / images;
    return OptionalDouble.of(Math.max(0, squares / images - mean * mean) / 2);
  }
}
