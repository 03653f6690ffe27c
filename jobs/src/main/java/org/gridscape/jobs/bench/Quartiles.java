package org.gridscape.jobs.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

/**
 * Median and quartiles of measurements.
 *
 * @param low a quarter is below it
 * @param median half is below it
 * @param high three quarters are below it
 */
record Quartiles(double low, double median, double high) {

  /** The quartiles of at least one measurement, linear between neighbours. */
  static Quartiles of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("Invalid measurements: none (must be at least one)");
    }
    Percentile percentile = new Percentile().withEstimationType(EstimationType.R_7);
    percentile.setData(values.stream().mapToDouble(Double::doubleValue).toArray());
    return new Quartiles(percentile.evaluate(25), percentile.evaluate(50), percentile.evaluate(75));
  }

  /** Writes the three under {@code key}. */
  void put(ObjectNode row, String key) {
    row.putObject(key)
        .put("median", Figures.rounded(median))
        .put("low", Figures.rounded(low))
        .put("high", Figures.rounded(high));
  }
}
