package org.gridscape.report;

/**
 * What w-GCN's penalty was on one grid in one iteration. P = mean over images of beta |df/dx|^2 of
 * observed and (1 - beta) |df/dx|^2 of synthesized images, the squares summed over pixels.
 *
 * @param gamma its weight, positive
 * @param observed mean |df/dx|^2 of observed images; 0 where beta is 0
 * @param synthesized mean |df/dx|^2 of synthesized images; 0 where beta is 1
 * @param mean P
 * @param ratio gamma P / |energy gap|
 * @param restingGap 2 gamma P: the energy gap of an f that has converged (derived: the objective is
 *     then stationary under f -> c f, and the gap is linear in c where P is quadratic)
 */
public record PenaltyMetrics(
    double gamma,
    double observed,
    double synthesized,
    double mean,
    double ratio,
    double restingGap) {

  /** Of a weight, the means and the energy gap beside them. */
  public static PenaltyMetrics of(
      double gamma, double observed, double synthesized, double mean, double energyGap) {
    double weighted = gamma * mean;
    return new PenaltyMetrics(
        gamma, observed, synthesized, mean, weighted / Math.abs(energyGap), 2 * weighted);
  }
}
