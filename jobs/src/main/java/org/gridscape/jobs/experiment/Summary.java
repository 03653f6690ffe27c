package org.gridscape.jobs.experiment;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A few measurements of one thing.
 *
 * @param count how many
 * @param mean NaN of none
 * @param deviation sample deviation, divided by count - 1; NaN of fewer than two
 */
record Summary(int count, double mean, double deviation) {

  static Summary of(DoubleStream measurements) {
    double[] values = measurements.toArray();
    double mean = DoubleStream.of(values).average().orElse(Double.NaN);
    double squares = DoubleStream.of(values).map(value -> (value - mean) * (value - mean)).sum();
    return new Summary(
        values.length,
        mean,
        values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1)));
  }

  /** The middle one, or the mean of the two in the middle; NaN of none. */
  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
