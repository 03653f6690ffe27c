package org.gridscape.metrics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gridscape.numpy.RandomState;

/**
 * The kernel distance (KID): squared maximum mean discrepancy under k(x, y) = (x.y / d + 1)^3, mean
 * of unbiased estimates on random subsets (Binkowski et al., "Demystifying MMD GANs", 2018). May be
 * slightly negative.
 *
 * @param mean over the subsets
 * @param deviation over the subsets (divided by their number): no standard error, for subsets share
 *     rows
 */
public record KernelDistance(double mean, double deviation) {
  /** Subsets usually drawn. */
  public static final int SUBSETS = 100;

  /** Rows of each side usually in a subset. */
  public static final int SUBSET_SIZE = 1000;

  /** Seed usually taken. */
  public static final int SEED = 2020;

  /**
   * Rows of both sides of one estimate.
   *
   * @param generated row numbers of the generated set
   * @param reference row numbers of the reference, as many
   */
  public record Subset(int[] generated, int[] reference) implements Serializable {

    /** Rejects sides that differ in size or are too small. */
    public Subset {
      if (generated.length != reference.length || generated.length < 2) {
        throw new IllegalArgumentException(
            "Invalid subset: %d generated and %d reference rows (must be as many, >= 2)"
                .formatted(generated.length, reference.length));
      }
    }
  }

  /**
   * The mean of disjoint blocks with its standard error.
   *
   * @param blocks estimates, at least 2
   * @param mean over the blocks
   * @param standardError deviation over the blocks (divided by one less than their number) by the
   *     root of their number
   */
  public record Blocks(int blocks, double mean, double standardError) {

    /**
     * Of the estimates of disjoint blocks (as tf-gan's kernel distance).
     *
     * @param estimates at least 2
     */
    public static Blocks of(double[] estimates) {
      if (estimates.length < 2) {
        throw new IllegalArgumentException(
            "Invalid blocks: " + estimates.length + " (must be >= 2)");
      }
      double mean = PairwiseSum.mean(estimates);
      double squares = squares(estimates, mean);
      return new Blocks(
          estimates.length, mean, Math.sqrt(squares / (estimates.length - 1) / estimates.length));
    }
  }

  /**
   * Subsets without replacement in the order of torch-fidelity's draws: for each subset the
   * generated rows, then those of the reference.
   *
   * @param generated rows of the generated set
   * @param reference rows of the reference
   * @throws IllegalArgumentException if a set has fewer rows than a subset
   */
  public static List<Subset> subsets(
      int generated, int reference, int subsets, int size, RandomState random) {
    if (subsets < 1) {
      throw new IllegalArgumentException("Invalid subsets: " + subsets + " (must be >= 1)");
    }
    if (size < 2 || size > Math.min(generated, reference)) {
      throw new IllegalArgumentException(
          "Invalid subset size: %d (must be 2 to the rows of each set: %d generated, %d reference)"
              .formatted(size, generated, reference));
    }
    List<Subset> drawn = new ArrayList<>();
    for (int i = 0; i < subsets; i++) {
      drawn.add(new Subset(random.choice(generated, size), random.choice(reference, size)));
    }
    return drawn;
  }

  /**
   * Blocks of {@code size} rows of each side that share no row, from a random order of both; empty
   * if fewer than two fit.
   */
  public static List<Subset> disjointBlocks(
      int generated, int reference, int size, RandomState random) {
    if (size < 2) {
      throw new IllegalArgumentException("Invalid block size: " + size + " (must be >= 2)");
    }
    int blocks = Math.min(generated, reference) / size;
    if (blocks < 2) {
      return List.of();
    }
    int[] first = random.permutation(generated);
    int[] second = random.permutation(reference);
    List<Subset> drawn = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      drawn.add(
          new Subset(
              Arrays.copyOfRange(first, i * size, (i + 1) * size),
              Arrays.copyOfRange(second, i * size, (i + 1) * size)));
    }
    return drawn;
  }

  /** The unbiased estimate from one subset of both sets. */
  public static double estimate(FeatureRows generated, FeatureRows reference, Subset subset) {
    return estimate(generated.select(subset.generated()), reference.select(subset.reference()));
  }

  /**
   * The unbiased estimate from all rows of two sets of one size.
   *
   * @throws IllegalArgumentException if dimensions or sizes differ, or there are fewer than 2 rows
   */
  public static double estimate(FeatureRows generated, FeatureRows reference) {
    FeatureRows.requireEqual(generated.dimension(), reference.dimension());
    int m = generated.rows();
    if (m != reference.rows() || m < 2) {
      throw new IllegalArgumentException(
          "Invalid subset: %d generated and %d reference rows (must be as many, >= 2)"
              .formatted(m, reference.rows()));
    }
    int d = generated.dimension();
    double[] x = CrossProducts.doubles(generated, 0, m);
    double[] y = CrossProducts.doubles(reference, 0, m);
    double within = offDiagonal(x, m, d) + offDiagonal(y, m, d);
    double across = PairwiseSum.of(kernel(x, y, m, d));
    return within / ((double) m * (m - 1)) - 2 * across / ((double) m * m);
  }

  /**
   * Of the estimates of all subsets.
   *
   * @param estimates at least one
   */
  public static KernelDistance of(double[] estimates) {
    if (estimates.length == 0) {
      throw new IllegalArgumentException("Invalid subsets: 0 (must be >= 1)");
    }
    double mean = PairwiseSum.mean(estimates);
    return new KernelDistance(mean, Math.sqrt(squares(estimates, mean) / estimates.length));
  }

  /** As torch-fidelity computes it, in this thread. */
  public static KernelDistance between(
      FeatureRows generated, FeatureRows reference, int subsets, int size, int seed) {
    RandomState random = new RandomState(seed);
    return of(
        subsets(generated.rows(), reference.rows(), subsets, size, random).stream()
            .mapToDouble(subset -> estimate(generated, reference, subset))
            .toArray());
  }

  private static double offDiagonal(double[] x, int m, int d) {
    double[] kernel = kernel(x, x, m, d);
    for (int i = 0; i < m; i++) {
      kernel[i * m + i] = 0;
    }
    return PairwiseSum.of(kernel);
  }

  private static double[] kernel(double[] x, double[] y, int m, int d) {
    double[] products = CrossProducts.of(x, m, y, m, d);
    for (int i = 0; i < products.length; i++) {
      double base = products[i] / d + 1;
      products[i] = base * base * base;
    }
    return products;
  }

  private static double squares(double[] values, double mean) {
    return PairwiseSum.of(
        Arrays.stream(values).map(value -> (value - mean) * (value - mean)).toArray());
  }
}
