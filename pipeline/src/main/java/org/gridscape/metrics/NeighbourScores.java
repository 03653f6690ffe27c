package org.gridscape.metrics;

/**
 * How two sets of features overlap. A row's ball reaches to its k-th nearest other row of its set.
 *
 * @param precision share of generated rows inside at least one reference row's ball, k = 3,
 *     boundary included (Kynkaanniemi et al., "Improved Precision and Recall Metric", 2019)
 * @param recall share of reference rows inside at least one generated row's ball, k = 3, boundary
 *     included
 * @param density reference rows' balls that a generated row lies inside, on average, divided by k =
 *     5, boundary excluded (Naeem et al., "Reliable Fidelity and Diversity Metrics", 2020)
 * @param coverage share of reference rows with a generated row inside their ball, k = 5, boundary
 *     excluded
 */
public record NeighbourScores(double precision, double recall, double density, double coverage) {
  /** Neighbours behind precision and recall. */
  public static final int PRECISION_NEIGHBOURS = 3;

  /** Neighbours behind density and coverage. */
  public static final int COVERAGE_NEIGHBOURS = 5;

  private static final double SMALLEST_SUM = 1e-5;

  /**
   * From the counts of all generated rows.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static NeighbourScores of(NeighbourCounts counts) {
    if (counts.generated() == 0 || counts.references() == 0) {
      throw new IllegalArgumentException(
          "Invalid counts: of %d generated and %d reference rows (must be >= 1)"
              .formatted(counts.generated(), counts.references()));
    }
    double generated = counts.generated();
    double references = counts.references();
    return new NeighbourScores(
        counts.precise() / generated,
        counts.recalled().cardinality() / references,
        counts.hits() / (COVERAGE_NEIGHBOURS * generated),
        counts.covered().cardinality() / references);
  }

  /**
   * Both passes over all rows, in this thread; a generated set needs more than 3 rows, a reference
   * more than 5.
   */
  public static NeighbourScores between(FeatureRows generated, FeatureRows reference) {
    int stored = COVERAGE_NEIGHBOURS;
    double[] own = Neighbours.nearest(generated, 0, generated.rows(), PRECISION_NEIGHBOURS);
    double[] around = Neighbours.nearest(reference, 0, reference.rows(), stored);
    return of(
        Neighbours.count(
            generated,
            0,
            generated.rows(),
            reference,
            Neighbours.radii(own, PRECISION_NEIGHBOURS, PRECISION_NEIGHBOURS),
            Neighbours.radii(around, stored, PRECISION_NEIGHBOURS),
            Neighbours.radii(around, stored, COVERAGE_NEIGHBOURS)));
  }

  /** Harmonic mean of precision and recall, as torch-fidelity has it. */
  public double fScore() {
    return 2 * precision * recall / Math.max(SMALLEST_SUM, precision + recall);
  }
}
