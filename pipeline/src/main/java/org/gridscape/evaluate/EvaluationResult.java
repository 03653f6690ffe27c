package org.gridscape.evaluate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridscape.metrics.FidInfinity;
import org.gridscape.metrics.FrechetDistance;
import org.gridscape.metrics.InceptionScore;
import org.gridscape.metrics.Jackknife;
import org.gridscape.metrics.KernelDistance;
import org.gridscape.metrics.NeighbourScores;

/**
 * What was measured. Figures that were not asked for, or that the sides cannot give, are absent;
 * the warnings say which and why.
 *
 * @param generated the side that is judged
 * @param reference the side it is judged by
 * @param frechet distance of the features
 * @param interval of that distance: sampling of the generated images alone
 * @param infinity the distance extrapolated to infinitely many generated images
 * @param infinityOfBoth extrapolated to infinitely many images on both sides
 * @param floor distance between two halves of the reference
 * @param spatial distance of the spatial layer (sFID)
 * @param kernel distance over subsets
 * @param kernelBlocks the same over disjoint blocks, with its standard error
 * @param inceptionScore of the generated images
 * @param neighbours precision, recall, density, coverage
 * @param mind sliced Wasserstein distance
 * @param rows of each side behind kernel, neighbours and mind
 * @param seconds that each part took
 * @param warnings what a reader of the figures has to know
 */
public record EvaluationResult(
    Side generated,
    Side reference,
    Optional<FrechetDistance> frechet,
    Optional<Jackknife> interval,
    Optional<FidInfinity> infinity,
    Optional<FidInfinity> infinityOfBoth,
    Optional<FrechetDistance> floor,
    Optional<FrechetDistance> spatial,
    Optional<KernelDistance> kernel,
    Optional<KernelDistance.Blocks> kernelBlocks,
    Optional<InceptionScore> inceptionScore,
    Optional<NeighbourScores> neighbours,
    Optional<Double> mind,
    Optional<RowCounts> rows,
    Map<String, Double> seconds,
    List<String> warnings) {

  /** Copies lists and maps. */
  public EvaluationResult {
    warnings = List.copyOf(warnings);
  }

  /**
   * Images of each side whose features were compared one by one.
   *
   * @param generated of the generated side
   * @param reference of the reference
   */
  public record RowCounts(int generated, int reference) {}
}
