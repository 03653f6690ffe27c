package org.gridscape.metrics;

/**
 * Sums feature rows up to their {@link FeatureMoments} in memory that does not grow with them: one
 * packed triangle and one block of rows.
 *
 * <p>Rows are taken in blocks of {@value #BLOCK}: the mean of a block, its deviations from it, then
 * Chan's update in place. Multiplications and additions have one order and are never fused, so the
 * sums have the same bits on any processor; they depend on the sequence of rows, merges and calls
 * of {@link #moments}, not on how many rows each call of {@link #add} brings. Not safe for several
 * threads at once.
 */
public final class MomentsAccumulator {
  private static final int BLOCK = 127;
  private static final int GROUP = 4;
  private static final int TILE = 256;

  private final int dimension;
  private final double[] mean;
  private final double[] m2;
  private final float[] block;
  private final double[][] tile = new double[BLOCK + 1][TILE];
  private final double[] sums = new double[TILE];
  private long merged;
  private int waiting;

  /** Of no rows yet, of {@code dimension} features each. */
  public MomentsAccumulator(int dimension) {
    FeatureMoments none = FeatureMoments.empty(dimension);
    this.dimension = dimension;
    this.mean = none.mean();
    this.m2 = none.m2();
    this.block = new float[BLOCK * dimension];
  }

  /** Rows seen. */
  public long n() {
    return merged + waiting;
  }

  /**
   * Adds rows.
   *
   * @throws IllegalArgumentException if they have another number of features
   */
  public void add(FeatureRows rows) {
    FeatureRows.requireEqual(dimension, rows.dimension());
    add(rows.values(), 0, rows.rows());
  }

  /**
   * Adds rows of an array, which is not kept.
   *
   * @param values [rows][d], row after row
   * @param from first row
   * @param count rows
   * @throws IllegalArgumentException naming the feature that is not finite
   */
  public void add(float[] values, int from, int count) {
    if (from < 0 || count < 0 || (from + (long) count) * dimension > values.length) {
      throw new IllegalArgumentException(
          "Invalid rows: %d from %d (must be within %d values of rows of %d)"
              .formatted(count, from, values.length, dimension));
    }
    requireFinite(values, from, count);
    for (int row = from; row < from + count; ) {
      int taken = Math.min(BLOCK - waiting, from + count - row);
      System.arraycopy(values, row * dimension, block, waiting * dimension, taken * dimension);
      waiting += taken;
      row += taken;
      if (waiting == BLOCK) {
        flush();
      }
    }
  }

  /**
   * Adds the rows behind other moments (Chan, Golub and LeVeque 1979, pairwise update).
   *
   * @throws IllegalArgumentException if they have another number of features
   */
  public void merge(FeatureMoments other) {
    FeatureRows.requireEqual(dimension, other.dimension());
    flush();
    if (other.n() == 0) {
      return;
    }
    boolean first = merged == 0;
    double[] delta = shift(other.mean(), other.n());
    if (first) {
      System.arraycopy(other.m2(), 0, m2, 0, m2.length);
      return;
    }
    for (int k = 0; k < m2.length; k++) {
      m2[k] += other.m2()[k];
    }
    FeatureMoments.addOuterProduct(m2, delta, 1);
  }

  /** The moments of all rows so far, a copy. Ends a block. */
  public FeatureMoments moments() {
    flush();
    return new FeatureMoments(merged, mean.clone(), m2.clone());
  }

  /**
   * Moves the mean to that of all rows with {@code count} more of mean {@code other}.
   *
   * @return the vector whose outer product with itself is what the two means add to the scatter
   */
  private double[] shift(double[] other, long count) {
    long total = Math.addExact(merged, count);
    double share = (double) count / total;
    double root = Math.sqrt(merged * share);
    double[] delta = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      double difference = other[i] - mean[i];
      mean[i] = merged == 0 ? other[i] : mean[i] + difference * share;
      delta[i] = root * difference;
    }
    merged = total;
    return delta;
  }

  private void flush() {
    if (waiting == 0) {
      return;
    }
    int rows = waiting;
    waiting = 0;
    double[] center = center(rows);
    double[] delta = shift(center, rows);
    int padded = (rows + GROUP) / GROUP * GROUP;
    double[] columns = deviations(rows, padded, center, delta);
    for (int from = 0; from < dimension; from += TILE) {
      int width = Math.min(TILE, dimension - from);
      fillTile(columns, padded, from, width);
      for (int i = 0; i < from + width; i++) {
        addProducts(columns, padded, i, from, width);
      }
    }
  }

  private double[] center(int rows) {
    double[] center = new double[dimension];
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < dimension; i++) {
        center[i] += block[r * dimension + i];
      }
    }
    for (int i = 0; i < dimension; i++) {
      center[i] /= rows;
    }
    return center;
  }

  /**
   * Deviations of a block from its mean, then {@code delta} as one row more, then rows of zeros.
   *
   * @return [d][padded], feature after feature
   */
  private double[] deviations(int rows, int padded, double[] center, double[] delta) {
    double[] columns = new double[dimension * padded];
    for (int i = 0; i < dimension; i++) {
      for (int r = 0; r < rows; r++) {
        columns[i * padded + r] = block[r * dimension + i] - center[i];
      }
      columns[i * padded + rows] = delta[i];
    }
    return columns;
  }

  private void fillTile(double[] columns, int padded, int from, int width) {
    for (int r = 0; r < padded; r++) {
      for (int j = 0; j < width; j++) {
        tile[r][j] = columns[(from + j) * padded + r];
      }
    }
  }

  /** Adds the products of feature i with those of the tile from itself on. */
  private void addProducts(double[] columns, int padded, int i, int from, int width) {
    int first = Math.max(0, i - from);
    int packed = (int) ((long) i * (2L * dimension - i - 1) / 2) + from;
    System.arraycopy(m2, packed + first, sums, first, width - first);
    for (int r = 0; r < padded; r += GROUP) {
      int c = i * padded + r;
      addGroup(
          sums,
          first,
          width,
          columns[c],
          tile[r],
          columns[c + 1],
          tile[r + 1],
          columns[c + 2],
          tile[r + 2],
          columns[c + 3],
          tile[r + 3]);
    }
    System.arraycopy(sums, first, m2, packed + first, width - first);
  }

  /**
   * Four rows at once in arrays of their own: more, or one array, and C2 makes no vectors of it.
   */
  private static void addGroup(
      double[] sums,
      int first,
      int width,
      double a0,
      double[] x0,
      double a1,
      double[] x1,
      double a2,
      double[] x2,
      double a3,
      double[] x3) {
    for (int j = first; j < width; j++) {
      sums[j] = sums[j] + a0 * x0[j] + a1 * x1[j] + a2 * x2[j] + a3 * x3[j];
    }
  }

  private void requireFinite(float[] values, int from, int count) {
    for (int k = from * dimension; k < (from + count) * dimension; k++) {
      if (!Float.isFinite(values[k])) {
        throw new IllegalArgumentException(
            "Invalid feature: %s at row %d, feature %d (must be finite)"
                .formatted(values[k], k / dimension, k % dimension));
      }
    }
  }
}
