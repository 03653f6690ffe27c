package org.gridscape.metrics;

import java.util.Arrays;

/**
 * Distances between rows, in blocks so that no matrix of all pairs exists; the two passes behind
 * {@link NeighbourScores}. Both are functions of a block of rows, so blocks may be computed
 * anywhere and in any order.
 *
 * <p>A pair's squared distance is the sum of squared differences in double, in the order of the
 * features. Matrix products only rule out pairs that are farther, or nearer, than their rounding
 * could change: results are those of the direct sums, ties included.
 */
public final class Neighbours {
  private Neighbours() {}

  /**
   * Pass one: squared distances of rows {@code from} to {@code to - 1} to their nearest other rows
   * of the same set. A row is never its own neighbour; equal rows are, at distance 0.
   *
   * @param k neighbours of each row, 1 to rows - 1
   * @return [to - from][k], ascending in each row
   */
  public static double[] nearest(FeatureRows set, int from, int to, int k) {
    set.requireRange(from, to);
    if (k < 1 || k >= set.rows()) {
      throw new IllegalArgumentException(
          "Invalid neighbours: %d (must be 1 to the number of rows, %d, less 1)"
              .formatted(k, set.rows()));
    }
    double[] nearest = new double[Math.multiplyExact(to - from, k)];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    DistanceTiles.scan(
        set,
        from,
        to,
        set,
        (row, other, approximate, margin) -> {
          int last = (row - from + 1) * k - 1;
          if (row != other && approximate - margin < nearest[last]) {
            insert(nearest, last - k + 1, last, DistanceTiles.squared(set, row, set, other));
          }
        });
    return nearest;
  }

  /**
   * Pass two: how generated rows {@code from} to {@code to - 1} lie to all reference rows.
   *
   * @param generatedRadii squared radius k = {@link NeighbourScores#PRECISION_NEIGHBOURS} of every
   *     generated row
   * @param referenceRadii the same of every reference row
   * @param coverageRadii squared radius k = {@link NeighbourScores#COVERAGE_NEIGHBOURS} of every
   *     reference row
   */
  public static NeighbourCounts count(
      FeatureRows generated,
      int from,
      int to,
      FeatureRows reference,
      double[] generatedRadii,
      double[] referenceRadii,
      double[] coverageRadii) {
    FeatureRows.requireEqual(generated.dimension(), reference.dimension());
    generated.requireRange(from, to);
    requireRadii(generatedRadii, generated);
    requireRadii(referenceRadii, reference);
    requireRadii(coverageRadii, reference);
    NeighbourCounts.Tally tally = new NeighbourCounts.Tally(from, to, reference.rows());
    DistanceTiles.scan(
        generated,
        from,
        to,
        reference,
        (row, other, approximate, margin) -> {
          double own = generatedRadii[row];
          double closed = referenceRadii[other];
          double open = coverageRadii[other];
          double largest = Math.max(own, Math.max(closed, open));
          if (approximate - margin > largest) {
            return;
          }
          boolean clear =
              clear(approximate, margin, own)
                  && clear(approximate, margin, closed)
                  && clear(approximate, margin, open);
          double squared =
              clear ? approximate : DistanceTiles.squared(generated, row, reference, other);
          if (squared <= closed) {
            tally.precise(row);
          }
          if (squared <= own) {
            tally.recalled(other);
          }
          if (squared < open) {
            tally.covered(other);
          }
        });
    return tally.counts();
  }

  /**
   * One column of what {@link #nearest} gave: the squared radii for a smaller number of neighbours.
   *
   * @param nearest [rows][stored]
   * @param stored neighbours of each row there
   * @param k 1 to {@code stored}
   * @return [rows]
   */
  public static double[] radii(double[] nearest, int stored, int k) {
    if (k < 1 || k > stored) {
      throw new IllegalArgumentException(
          "Invalid neighbours: %d (must be 1 to %d)".formatted(k, stored));
    }
    double[] radii = new double[nearest.length / stored];
    Arrays.setAll(radii, row -> nearest[row * stored + k - 1]);
    return radii;
  }

  private static boolean clear(double approximate, double margin, double radius) {
    return Math.abs(approximate - radius) > margin;
  }

  private static void insert(double[] sorted, int first, int last, double value) {
    if (value >= sorted[last]) {
      return;
    }
    int at = last;
    while (at > first && sorted[at - 1] > value) {
      sorted[at] = sorted[at - 1];
      at--;
    }
    sorted[at] = value;
  }

  private static void requireRadii(double[] radii, FeatureRows rows) {
    if (radii.length != rows.rows()) {
      throw new IllegalArgumentException(
          "Invalid radii: %d (must be one for each of %d rows)"
              .formatted(radii.length, rows.rows()));
    }
  }
}
