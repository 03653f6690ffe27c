package org.gridscape.metrics;

import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Features of images, one row an image, in float32 as extractors give them. Arrays are not copied
 * and never changed by this class; a holder does not change them either.
 *
 * @param dimension d, features of a row, at least 1
 * @param values [rows][d], row after row, finite
 */
public record FeatureRows(int dimension, float[] values) implements Serializable {

  /** Rejects values that are no whole rows or not finite. */
  public FeatureRows {
    requireDimension(dimension);
    if (values.length % dimension != 0) {
      throw new IllegalArgumentException(
          "Invalid feature rows: %d values (must be whole rows of %d)"
              .formatted(values.length, dimension));
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "Invalid feature: %s at row %d, feature %d (must be finite)"
                .formatted(values[i], i / dimension, i % dimension));
      }
    }
  }

  /** The rows of all parts, part after part. */
  public static FeatureRows concat(int dimension, List<FeatureRows> parts) {
    requireDimension(dimension);
    long rows = 0;
    for (FeatureRows part : parts) {
      requireEqual(dimension, part.dimension);
      rows += part.rows();
    }
    float[] all = new float[length(rows, dimension)];
    int filled = 0;
    for (FeatureRows part : parts) {
      System.arraycopy(part.values, 0, all, filled, part.values.length);
      filled += part.values.length;
    }
    return new FeatureRows(dimension, all);
  }

  /** Number of rows. */
  public int rows() {
    return values.length / dimension;
  }

  /**
   * The rows of these numbers, in this order.
   *
   * @throws IllegalArgumentException if there is no such row, or for more values than an array has
   */
  public FeatureRows select(int[] numbers) {
    float[] selected = new float[length(numbers.length, dimension)];
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < 0 || numbers[i] >= rows()) {
        throw new IllegalArgumentException(
            "Invalid row: %d (must be 0 to %d)".formatted(numbers[i], rows() - 1));
      }
      System.arraycopy(values, numbers[i] * dimension, selected, i * dimension, dimension);
    }
    return new FeatureRows(dimension, selected);
  }

  /** Rows {@code from} to {@code to - 1}. */
  public FeatureRows slice(int from, int to) {
    requireRange(from, to);
    return new FeatureRows(dimension, Arrays.copyOfRange(values, from * dimension, to * dimension));
  }

  /** Equal dimension and bits of every value. */
  @Override
  public boolean equals(Object other) {
    return other instanceof FeatureRows that
        && dimension == that.dimension
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * dimension + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return rows() + " rows of " + dimension + " features";
  }

  void requireRange(int from, int to) {
    if (from < 0 || to < from || to > rows()) {
      throw new IllegalArgumentException(
          "Invalid rows: %d to %d (must be in order and within 0 to %d)"
              .formatted(from, to, rows()));
    }
  }

  static void requireDimension(int dimension) {
    if (dimension < 1) {
      throw new IllegalArgumentException("Invalid dimension: " + dimension + " (must be >= 1)");
    }
  }

  static void requireEqual(int first, int second) {
    if (first != second) {
      throw new IllegalArgumentException(
          "Invalid dimensions: %d and %d features (must be equal)".formatted(first, second));
    }
  }

  private static int length(long rows, int dimension) {
    long length = rows * dimension;
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Cannot hold feature rows: %d rows of %d features (must be at most %d values)"
              .formatted(rows, dimension, Integer.MAX_VALUE - 8));
    }
    return (int) length;
  }

  @Serial
  private Object writeReplace() {
    return PackedArrays.fits(values.length) ? PackedArrays.Rows.of(this) : this;
  }
}
