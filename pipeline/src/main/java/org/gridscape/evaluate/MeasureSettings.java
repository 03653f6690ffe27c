package org.gridscape.evaluate;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.gridscape.metrics.KernelDistance;
import org.gridscape.metrics.Mind;

/**
 * What is measured, and how.
 *
 * @param measures which ones
 * @param kernelSubsets of KID, at least 1
 * @param kernelSubsetSize images of each, at least 2
 * @param projections of MIND, at least 1
 * @param seed of every choice
 */
public record MeasureSettings(
    Set<Measure> measures, int kernelSubsets, int kernelSubsetSize, int projections, int seed) {

  /** A measure or a family of them. */
  public enum Measure {
    /** Frechet distance of the features. */
    FID,
    /** Confidence interval of it. */
    INTERVAL,
    /** Its extrapolation to infinitely many images. */
    INFINITY,
    /** Distance between halves of the reference. */
    FLOOR,
    /** Frechet distance of the spatial layer. */
    SFID,
    /** Kernel distance. */
    KID,
    /** Inception Score of the generated images. */
    IS,
    /** Precision and recall with 3 neighbours, density and coverage with 5. */
    PRC,
    /** Sliced Wasserstein distance. */
    MIND;

    /** The name in commands. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Rejects counts that are too small. */
  public MeasureSettings {
    measures = Set.copyOf(measures);
    require("KID subsets", kernelSubsets, 1);
    require("KID subset size", kernelSubsetSize, 2);
    require("projections", projections, 1);
    require("seed", seed, 0);
  }

  /** Everything, as published: 100 subsets of 1000, 1000 projections. */
  public static MeasureSettings published() {
    return new MeasureSettings(
        EnumSet.allOf(Measure.class),
        KernelDistance.SUBSETS,
        KernelDistance.SUBSET_SIZE,
        Mind.PROJECTIONS,
        ExtractionSettings.SEED);
  }

  /** The same with some measures only. */
  public MeasureSettings only(Set<Measure> some) {
    return new MeasureSettings(some, kernelSubsets, kernelSubsetSize, projections, seed);
  }

  private static void require(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "Invalid %s: %d (must be >= %d)".formatted(name, value, least));
    }
  }
}
