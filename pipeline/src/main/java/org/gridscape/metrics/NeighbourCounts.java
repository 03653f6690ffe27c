package org.gridscape.metrics;

import java.io.Serializable;
import java.util.BitSet;

/**
 * What a block of generated rows adds to {@link NeighbourScores}: whole numbers and marks, so that
 * blocks merge in any order.
 *
 * @param generated rows of the blocks
 * @param references rows of the reference
 * @param precise generated rows inside at least one reference row's ball
 * @param hits pairs of a generated row inside a reference row's ball for coverage
 * @param recalled marks of the reference rows inside at least one generated row's ball
 * @param covered marks of the reference rows with a generated row inside their ball for coverage
 */
public record NeighbourCounts(
    long generated, int references, long precise, long hits, BitSet recalled, BitSet covered)
    implements Serializable {

  /** The counts of the rows of both. */
  public NeighbourCounts merge(NeighbourCounts other) {
    if (references != other.references) {
      throw new IllegalArgumentException(
          "Invalid counts: of %d and %d reference rows (must be equal)"
              .formatted(references, other.references));
    }
    BitSet eitherRecalled = (BitSet) recalled.clone();
    eitherRecalled.or(other.recalled);
    BitSet eitherCovered = (BitSet) covered.clone();
    eitherCovered.or(other.covered);
    return new NeighbourCounts(
        generated + other.generated,
        references,
        precise + other.precise,
        hits + other.hits,
        eitherRecalled,
        eitherCovered);
  }

  /** Counts while the pairs of a block are walked. */
  static final class Tally {
    private final int from;
    private final int to;
    private final int references;
    private final BitSet precise = new BitSet();
    private final BitSet recalled = new BitSet();
    private final BitSet covered = new BitSet();
    private long hits;

    Tally(int from, int to, int references) {
      this.from = from;
      this.to = to;
      this.references = references;
    }

    void precise(int generated) {
      precise.set(generated - from);
    }

    void recalled(int reference) {
      recalled.set(reference);
    }

    void covered(int reference) {
      covered.set(reference);
      hits++;
    }

    NeighbourCounts counts() {
      return new NeighbourCounts(
          to - from, references, precise.cardinality(), hits, recalled, covered);
    }
  }
}
