package org.gridscape.jobs.experiment;

import java.util.ArrayList;
import java.util.List;
import org.gridscape.report.GridMetrics;
import org.gridscape.report.IterationMetrics;

/**
 * The response distance R of a grid, |mean f of observed - mean f of synthesized images|, the mean
 * over the last tenth of a run's iterations, and its largest value in the run. Source: after the
 * predecessor of Wu et al. 2019 (wFRAME); F = f.
 *
 * @param side of the grid
 * @param distance R, in units of f
 * @param perDeviation R over the deviation of f over observed images, which does not grow with f
 * @param largest R of a single iteration of the run: energies that swing show here
 */
public record GridResponse(int side, double distance, double perDeviation, double largest) {
  private static final int SHARE = 10;

  /** Of each grid, coarse to fine; empty for a run without iterations. */
  public static List<GridResponse> of(List<IterationMetrics> iterations) {
    int last = (iterations.size() + SHARE - 1) / SHARE;
    List<IterationMetrics> late = iterations.subList(iterations.size() - last, iterations.size());
    List<GridResponse> responses = new ArrayList<>();
    for (int grid = 0; !late.isEmpty() && grid < late.get(0).grids().size(); grid++) {
      double distance = 0;
      double perDeviation = 0;
      for (IterationMetrics metrics : late) {
        GridMetrics seen = metrics.grids().get(grid);
        distance += Math.abs(seen.energyGap()) / last;
        perDeviation += Math.abs(seen.energyGap()) / seen.observedDeviation() / last;
      }
      double largest = 0;
      for (IterationMetrics metrics : iterations) {
        largest = Math.max(largest, Math.abs(metrics.grids().get(grid).energyGap()));
      }
      int side = late.get(0).grids().get(grid).side();
      responses.add(new GridResponse(side, distance, perDeviation, largest));
    }
    return responses;
  }
}
