package org.gridscape.evaluate;

import java.io.Serializable;
import org.gridscape.metrics.FeatureMoments;
import org.gridscape.metrics.FeatureRows;
import org.gridscape.metrics.MomentsAccumulator;

/**
 * What a piece of a set of images says of one layer of a network: all rows where they take at most
 * a quarter of the room of their moments, else the moments. Groups have less to read of the one and
 * less to compute of the other, and there are more pieces than groups.
 */
sealed interface Layer extends Serializable {

  /** Adds this piece to those before it. */
  void addTo(MomentsAccumulator sum);

  /** All rows of the piece. */
  record Rows(FeatureRows rows) implements Layer {
    @Override
    public void addTo(MomentsAccumulator sum) {
      sum.add(rows);
    }
  }

  /** The moments of the rows of the piece. */
  record Moments(FeatureMoments moments) implements Layer {
    @Override
    public void addTo(MomentsAccumulator sum) {
      sum.merge(moments);
    }
  }

  /** Gathers a layer, batch by batch. */
  interface Builder {

    /** The rows of one more batch. */
    void add(FeatureRows batch);

    /** The layer, when all batches have come. */
    Layer build();

    /** A builder for so many rows in all. */
    static Builder of(int count, int dimension) {
      boolean smallAsRows = 4L * count * Float.BYTES <= (dimension + 1L) / 2 * (long) Double.BYTES;
      return smallAsRows ? new RowsBuilder(count, dimension) : new MomentsBuilder(dimension);
    }
  }

  /** Keeps the rows. */
  final class RowsBuilder implements Builder {
    private final int dimension;
    private final float[] values;
    private int filled;

    private RowsBuilder(int count, int dimension) {
      this.dimension = dimension;
      values = new float[Math.multiplyExact(count, dimension)];
    }

    @Override
    public void add(FeatureRows batch) {
      System.arraycopy(batch.values(), 0, values, filled, batch.values().length);
      filled += batch.values().length;
    }

    @Override
    public Layer build() {
      return new Rows(new FeatureRows(dimension, values));
    }
  }

  /** Keeps their sums. */
  final class MomentsBuilder implements Builder {
    private final MomentsAccumulator sum;

    private MomentsBuilder(int dimension) {
      sum = new MomentsAccumulator(dimension);
    }

    @Override
    public void add(FeatureRows batch) {
      sum.add(batch);
    }

    @Override
    public Layer build() {
      return new Moments(sum.moments());
    }
  }
}
