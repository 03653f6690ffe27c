package org.gridscape.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.gridscape.metrics.FeatureMoments;
import org.gridscape.metrics.FidInfinity;
import org.gridscape.metrics.FrechetDistance;
import org.gridscape.metrics.Jackknife;
import org.gridscape.numpy.RandomState;

/**
 * Frechet distances of whole sets and of parts of them, each in a task and one thread of its own:
 * their bits do not depend on the cluster. Lives on the driver.
 *
 * <p>Parts are unions of the groups of a {@link FeatureSet}: all but one for the interval, the
 * first few of a random order for the extrapolation, every other one for the floor.
 */
final class FrechetJob implements AutoCloseable {
  /** With fewer groups, parts are too few or too unlike the whole for an interval. */
  static final int FEWEST_GROUPS = 10;

  /** Images a feature below which an extrapolation means nothing. */
  static final int FEWEST_IMAGES_A_FEATURE = 2;

  /** Of the groups, the smallest part that is extrapolated from: below, the line is a curve. */
  private static final double SMALLEST_SHARE = 0.5;

  private final JavaSparkContext spark;
  private final Side generated;
  private final Side reference;
  private final int seed;
  private final List<Pair> pairs = new ArrayList<>();
  private final Map<String, MomentsSource> sent = new HashMap<>();
  private final List<Broadcast<?>> broadcasts = new ArrayList<>();

  FrechetJob(JavaSparkContext spark, Side generated, Side reference, int seed) {
    this.spark = spark;
    this.generated = generated;
    this.reference = reference;
    this.seed = seed;
  }

  /** What one task compares. */
  private record Pair(MomentsSource generated, MomentsSource reference) implements Serializable {
    FrechetDistance distance() {
      return FrechetDistance.between(generated.read(), reference.read());
    }
  }

  /** A figure that is known once the job has run. */
  @FunctionalInterface
  interface Later<T> {
    T from(List<FrechetDistance> distances);
  }

  /** The distances of all pairs asked for so far. */
  List<FrechetDistance> run() {
    if (pairs.isEmpty()) {
      return List.of();
    }
    spark.setJobDescription("evaluate: %d Frechet distances".formatted(pairs.size()));
    return spark.parallelize(pairs, pairs.size()).map(Pair::distance).collect();
  }

  /** Asks for the distance between the whole sets in a layer. */
  Later<FrechetDistance> whole(int layer) {
    int index = ask(all(generated, layer), all(reference, layer));
    return distances -> distances.get(index);
  }

  /** Asks for what the interval needs; empty if the generated set has too few groups. */
  Optional<Later<Jackknife>> interval(Later<FrechetDistance> value) {
    return groups(generated)
        .map(
            set -> {
              Broadcast<FeatureMoments> whole = sent(set.moments());
              List<Integer> indices =
                  IntStream.range(0, set.groups())
                      .mapToObj(group -> set.some(0, new int[] {group}))
                      .map(group -> ask(new MomentsSource.Without(whole, group), all(reference, 0)))
                      .toList();
              int[] sizes = set.groupSizes();
              return distances ->
                  Jackknife.of(value.from(distances).value(), values(distances, indices), sizes);
            });
  }

  /** Asks for the extrapolation over the generated set alone. */
  Optional<Later<FidInfinity>> oneSided() {
    return large(generated)
        .map(
            set -> {
              int[] order = order(set);
              List<Integer> parts = parts(set);
              List<Integer> indices =
                  parts.stream()
                      .map(m -> ask(set.some(0, first(order, m)), all(reference, 0)))
                      .toList();
              int[] sizes = sizes(set, order, parts);
              return distances -> FidInfinity.oneSided(sizes, values(distances, indices));
            });
  }

  /** Asks for the extrapolation over both sets. */
  Optional<Later<FidInfinity>> twoSided() {
    return large(generated)
        .flatMap(
            set ->
                large(reference)
                    .filter(other -> other.groups() == set.groups())
                    .map(other -> twoSided(set, other)));
  }

  private Later<FidInfinity> twoSided(FeatureSet set, FeatureSet other) {
    int[] order = order(set);
    List<Integer> parts = parts(set);
    List<Integer> indices =
        parts.stream()
            .map(m -> ask(set.some(0, first(order, m)), other.some(0, first(order, m))))
            .toList();
    int[] sizes = sizes(set, order, parts);
    int[] others = sizes(other, order, parts);
    return distances -> FidInfinity.twoSided(sizes, others, values(distances, indices));
  }

  /** Asks for the distance between two halves of the reference. */
  Optional<Later<FrechetDistance>> floor() {
    return groups(reference)
        .map(
            set -> {
              int index =
                  ask(
                      set.some(0, every(set, group -> group % 2 == 0)),
                      set.some(0, every(set, group -> group % 2 == 1)));
              return distances -> distances.get(index);
            });
  }

  /** A whole set is sent to every executor once. */
  private MomentsSource all(Side side, int layer) {
    return sent.computeIfAbsent(
        "%s %d".formatted(side == generated, layer),
        absent -> new MomentsSource.Whole(sent(side.gaussian(layer))));
  }

  private <T> Broadcast<T> sent(T value) {
    Broadcast<T> broadcast = spark.broadcast(value);
    broadcasts.add(broadcast);
    return broadcast;
  }

  /** Releases what was sent. */
  @Override
  public void close() {
    broadcasts.forEach(Broadcast::destroy);
  }

  private int ask(MomentsSource first, MomentsSource second) {
    pairs.add(new Pair(first, second));
    return pairs.size() - 1;
  }

  private static Optional<FeatureSet> groups(Side side) {
    return side instanceof Side.Images images && images.features().groups() >= FEWEST_GROUPS
        ? Optional.of(images.features())
        : Optional.empty();
  }

  private static Optional<FeatureSet> large(Side side) {
    return groups(side)
        .filter(set -> set.count() >= FEWEST_IMAGES_A_FEATURE * (long) side.dimension());
  }

  private static int[] every(FeatureSet set, IntPredicate wanted) {
    return IntStream.range(0, set.groups()).filter(wanted).toArray();
  }

  private int[] order(FeatureSet set) {
    return new RandomState(seed).permutation(set.groups());
  }

  /** Numbers of groups of each part, ascending. */
  private static List<Integer> parts(FeatureSet set) {
    int fewest = (int) Math.ceil(SMALLEST_SHARE * set.groups());
    return IntStream.rangeClosed(fewest, set.groups()).boxed().toList();
  }

  /** The first groups of an order, ascending so that sums of the same groups have the same bits. */
  private static int[] first(int[] order, int count) {
    int[] groups = Arrays.copyOf(order, count);
    Arrays.sort(groups);
    return groups;
  }

  private static int[] sizes(FeatureSet set, int[] order, List<Integer> parts) {
    return parts.stream().mapToInt(m -> set.imagesOf(first(order, m))).toArray();
  }

  private static double[] values(List<FrechetDistance> distances, List<Integer> indices) {
    IntFunction<FrechetDistance> at = distances::get;
    return indices.stream()
        .mapToInt(i -> i)
        .mapToObj(at)
        .mapToDouble(FrechetDistance::value)
        .toArray();
  }
}
