package org.gridscape.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one iteration showed on one grid. f is the output of the grid's network, higher = likelier.
 *
 * @param side image side of the grid in pixels, at least 1
 * @param energyGap mean f of observed minus mean f of synthesized images
 * @param observedMean mean f of observed images
 * @param observedDeviation standard deviation of f of observed images
 * @param synthesizedMean mean f of synthesized images
 * @param synthesizedDeviation standard deviation of f of synthesized images
 * @param gradientStrength mean over images of the Euclidean norm of df/dx
 * @param clippedShare share of pixels that the chains held at the border of their range, 0 to 1
 * @param gradientNorm Euclidean norm of the parameter gradient
 * @param penalty of w-GCN; none without it, else one
 * @param dissipation half the variance over the chains of what the update before changed f by: at
 *     the temperature 1 the KL divergence of the model from the one before it (derived, to the
 *     second order), at T this over T^2; mostly not measured, else one
 */
public record GridMetrics(
    int side,
    double energyGap,
    double observedMean,
    double observedDeviation,
    double synthesizedMean,
    double synthesizedDeviation,
    double gradientStrength,
    double clippedShare,
    double gradientNorm,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<PenaltyMetrics> penalty,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Double> dissipation) {

  /** Rejects a grid without pixels; the measurements may be anything, NaN included. */
  public GridMetrics {
    if (side < 1) {
      throw new IllegalArgumentException("Invalid grid side: " + side + " (must be >= 1)");
    }
    penalty = List.copyOf(penalty);
    dissipation = List.copyOf(dissipation);
  }

  /** The response distance |energy gap| in deviations of f of observed images. */
  double relativeResponse() {
    return Math.abs(energyGap) / observedDeviation;
  }

  /** Variance of f over the chains. */
  double synthesizedVariance() {
    return synthesizedDeviation * synthesizedDeviation;
  }

  /** The dissipation; NaN where it is not measured. */
  double measuredDissipation() {
    return dissipation.isEmpty() ? Double.NaN : dissipation.get(0);
  }

  /** A measurement of the penalty; NaN without one. */
  double ofPenalty(ToDoubleFunction<PenaltyMetrics> measure) {
    return penalty.stream().mapToDouble(measure).findFirst().orElse(Double.NaN);
  }
}
