package org.gridscape.jobs.bench;

import java.util.Arrays;
import java.util.List;

/**
 * Median and range of a few measurements.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param min smallest
 * @param max largest
 */
record Spread(double median, double min, double max) {

  /** The spread of at least one measurement. */
  static Spread of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("Invalid measurements: none (must be at least one)");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int half = sorted.length / 2;
    double middle = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return new Spread(middle, sorted[0], sorted[sorted.length - 1]);
  }

  /** The spread of the inverses: steps a second from seconds a step. */
  static Spread ofInverses(List<Double> values) {
    return of(Arrays.asList(values.stream().map(value -> 1 / value).toArray(Double[]::new)));
  }
}
