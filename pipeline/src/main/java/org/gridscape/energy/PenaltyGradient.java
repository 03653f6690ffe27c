package org.gridscape.energy;

/**
 * The penalty of w-GCN on some images, and where it falls.
 *
 * @param mean (1/n) sum_i |df(x_i)/dx_i|^2 over the n images, the square summed over pixels and
 *     channels
 * @param gradient of that mean with respect to the parameters, in the network's flat order
 */
public record PenaltyGradient(double mean, float[] gradient) {

  /**
   * The mean over images of the squared norms.
   *
   * @param inputGradient df/dx of all images, one after the other
   */
  static double mean(float[] inputGradient, int images) {
    double squares = 0;
    for (float slope : inputGradient) {
      squares += (double) slope * slope;
    }
    return squares / images;
  }
}
