package org.gridscape.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.gridscape.metrics.FeatureRows;
import org.gridscape.metrics.KernelDistance;
import org.gridscape.metrics.Mind;
import org.gridscape.metrics.NeighbourCounts;
import org.gridscape.metrics.NeighbourScores;
import org.gridscape.metrics.Neighbours;
import org.gridscape.numpy.RandomState;

/**
 * Measures on the rows of both sets that are kept one by one: they are sent to every executor once,
 * and tasks compare parts of them. Lives on the driver.
 */
final class RowsJob implements AutoCloseable {
  /** Rows whose neighbours a task looks for. */
  private static final int ROWS_A_TASK = 500;

  /** Random directions that a task projects on. */
  private static final int DIRECTIONS_A_TASK = 100;

  private final JavaSparkContext spark;
  private final Broadcast<Rows> rows;

  /** What is sent. */
  private record Rows(FeatureRows generated, FeatureRows reference) implements Serializable {}

  /** A part of the rows of one side. */
  private record Range(int from, int to) implements Serializable {}

  RowsJob(JavaSparkContext spark, FeatureRows generated, FeatureRows reference) {
    this.spark = spark;
    rows = spark.broadcast(new Rows(generated, reference));
  }

  /** Rows of the generated set. */
  int generated() {
    return rows.value().generated().rows();
  }

  /** Rows of the reference. */
  int reference() {
    return rows.value().reference().rows();
  }

  /** The kernel distance over subsets drawn as torch-fidelity draws them. */
  KernelDistance kernelDistance(int subsets, int size, int seed) {
    return KernelDistance.of(
        estimates(
            KernelDistance.subsets(
                generated(), reference(), subsets, size, new RandomState(seed))));
  }

  /** The same over disjoint blocks, with its standard error; empty if fewer than two fit. */
  Optional<KernelDistance.Blocks> kernelBlocks(int size, int seed) {
    List<KernelDistance.Subset> blocks =
        KernelDistance.disjointBlocks(generated(), reference(), size, new RandomState(seed));
    return blocks.isEmpty()
        ? Optional.empty()
        : Optional.of(KernelDistance.Blocks.of(estimates(blocks)));
  }

  private double[] estimates(List<KernelDistance.Subset> subsets) {
    spark.setJobDescription("evaluate: %d kernel estimates".formatted(subsets.size()));
    Broadcast<Rows> sent = rows;
    return spark
        .parallelize(subsets, subsets.size())
        .map(
            subset ->
                KernelDistance.estimate(sent.value().generated(), sent.value().reference(), subset))
        .collect()
        .stream()
        .mapToDouble(value -> value)
        .toArray();
  }

  /** Precision, recall, density and coverage. */
  NeighbourScores neighbours() {
    spark.setJobDescription("evaluate: neighbours");
    int near = NeighbourScores.PRECISION_NEIGHBOURS;
    int far = NeighbourScores.COVERAGE_NEIGHBOURS;
    Broadcast<Rows> sent = rows;
    double[] around =
        joined(
            ranges(reference(), ROWS_A_TASK),
            range -> Neighbours.nearest(sent.value().reference(), range.from(), range.to(), far));
    double[] own =
        joined(
            ranges(generated(), ROWS_A_TASK),
            range -> Neighbours.nearest(sent.value().generated(), range.from(), range.to(), near));
    double[] radii = Neighbours.radii(own, near, near);
    double[] closed = Neighbours.radii(around, far, near);
    double[] open = Neighbours.radii(around, far, far);
    List<Range> parts = ranges(generated(), ROWS_A_TASK);
    return NeighbourScores.of(
        spark
            .parallelize(parts, parts.size())
            .map(
                range ->
                    Neighbours.count(
                        sent.value().generated(),
                        range.from(),
                        range.to(),
                        sent.value().reference(),
                        radii,
                        closed,
                        open))
            .collect()
            .stream()
            .reduce(NeighbourCounts::merge)
            .orElseThrow());
  }

  /** The sliced Wasserstein distance; the sum over directions has one order. */
  double mind(int projections, int seed) {
    spark.setJobDescription("evaluate: sliced distances");
    int dimension = rows.value().generated().dimension();
    List<Range> parts = ranges(projections, DIRECTIONS_A_TASK);
    Broadcast<Rows> sent = rows;
    return Mind.of(
        dimension,
        joined(
            parts,
            range ->
                squares(
                    sent.value(),
                    Arrays.copyOfRange(
                        Mind.directions(dimension, projections, seed),
                        range.from() * dimension,
                        range.to() * dimension))));
  }

  /** The squared distance along each direction. */
  private static double[] squares(Rows rows, double[] directions) {
    int own = rows.generated().rows();
    int others = rows.reference().rows();
    double[] first = Mind.project(rows.generated(), directions);
    double[] second = Mind.project(rows.reference(), directions);
    double[] squares = new double[first.length / own];
    for (int k = 0; k < squares.length; k++) {
      squares[k] =
          Mind.squaredDistance(
              Arrays.copyOfRange(first, k * own, (k + 1) * own),
              Arrays.copyOfRange(second, k * others, (k + 1) * others));
    }
    return squares;
  }

  private double[] joined(List<Range> ranges, Function<Range, double[]> work) {
    return spark.parallelize(ranges, ranges.size()).map(work).collect().stream()
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  private static List<Range> ranges(int count, int each) {
    List<Range> ranges = new ArrayList<>();
    IntStream.iterate(0, from -> from < count, from -> from + each)
        .forEach(from -> ranges.add(new Range(from, Math.min(count, from + each))));
    return ranges;
  }

  @Override
  public void close() {
    rows.destroy();
  }
}
