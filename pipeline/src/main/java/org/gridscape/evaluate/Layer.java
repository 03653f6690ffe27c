package org.gridscape.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridscape.metrics.FeatureMoments;
import org.gridscape.metrics.FeatureRows;
import org.gridscape.metrics.MomentsAccumulator;

/**
 * What a part of a set of images says of one layer of a network: all its rows, or their moments.
 */
sealed interface Layer extends Serializable {

  /** Features of a row. */
  int dimension();

  /** Adds this part to those before it. */
  void addTo(MomentsAccumulator sum);

  /** All rows of the part. */
  record Rows(FeatureRows rows) implements Layer {
    @Override
    public int dimension() {
      return rows.dimension();
    }

    @Override
    public void addTo(MomentsAccumulator sum) {
      sum.add(rows);
    }
  }

  /** The moments of the rows of the part. */
  record Moments(FeatureMoments moments) implements Layer {
    @Override
    public int dimension() {
      return moments.dimension();
    }

    @Override
    public void addTo(MomentsAccumulator sum) {
      sum.merge(moments);
    }
  }

  /** Adds up a layer, part by part: its rows as long as they are few, then their moments. */
  final class Sum {
    private final int dimension;
    private final int most;
    private final List<FeatureRows> few = new ArrayList<>();
    private Optional<MomentsAccumulator> many = Optional.empty();
    private int held;

    private Sum(int dimension, int most) {
      this.dimension = dimension;
      this.most = most;
    }

    /**
     * Of a piece, which is written and read once: rows that take at most a quarter of the room of
     * their moments are quicker to read than to add up where there are more pieces than groups.
     */
    static Sum ofPiece(int dimension) {
      return new Sum(dimension, dimension / 4);
    }

    /** Of a group, which is read for every distance: rows so few that they cost no more. */
    static Sum ofGroup(int dimension) {
      return new Sum(dimension, dimension / 16);
    }

    /** The next part. */
    void add(Layer part) {
      if (many.isEmpty() && part instanceof Rows rows && held + rows.rows().rows() <= most) {
        few.add(rows.rows());
        held += rows.rows().rows();
        return;
      }
      part.addTo(many.orElseGet(this::start));
    }

    private MomentsAccumulator start() {
      MomentsAccumulator sum = new MomentsAccumulator(dimension);
      few.forEach(sum::add);
      few.clear();
      many = Optional.of(sum);
      return sum;
    }

    /** The layer of all parts so far. */
    Layer layer() {
      return many.isPresent()
          ? new Moments(many.get().moments())
          : new Rows(FeatureRows.concat(dimension, few));
    }
  }
}
