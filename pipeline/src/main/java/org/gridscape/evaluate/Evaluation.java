package org.gridscape.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.gridscape.evaluate.FrechetJob.Later;
import org.gridscape.evaluate.MeasureSettings.Measure;
import org.gridscape.metrics.FidInfinity;
import org.gridscape.metrics.FrechetDistance;
import org.gridscape.metrics.InceptionScore;
import org.gridscape.metrics.Jackknife;
import org.gridscape.metrics.KernelDistance;
import org.gridscape.metrics.NeighbourScores;

/**
 * Measures generated images against a reference, in Spark jobs on features that were taken before.
 * Lives on the driver.
 */
public final class Evaluation {
  private static final int STRAIGHT_LINE = 10;
  private static final List<Measure> BY_ROWS = List.of(Measure.KID, Measure.PRC, Measure.MIND);

  private final JavaSparkContext spark;
  private final MeasureSettings settings;
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  private Evaluation(JavaSparkContext spark, MeasureSettings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /** All that is asked for and that the sides can give. */
  public static EvaluationResult compare(
      JavaSparkContext spark, MeasureSettings settings, Side generated, Side reference) {
    return new Evaluation(spark, settings).compare(generated, reference);
  }

  private EvaluationResult compare(Side generated, Side reference) {
    for (Side side : List.of(generated, reference)) {
      if (side instanceof Side.Images images) {
        seconds.put(
            side == generated ? "generatedFeatures" : "referenceFeatures",
            images.features().seconds());
      }
    }
    warnings.addAll(CountNotes.of(generated, reference));
    Frechet frechet = timed("frechet", () -> frechet(generated, reference));
    Optional<InceptionScore> score = inceptionScore(generated);
    boolean byRows = BY_ROWS.stream().anyMatch(this::asked);
    if (byRows && generated instanceof Side.Images own && reference instanceof Side.Images other) {
      try (RowsJob rows = new RowsJob(spark, own.features().rows(), other.features().rows())) {
        return withRows(generated, reference, frechet, score, rows);
      }
    }
    for (Measure measure : BY_ROWS) {
      if (asked(measure)) {
        leftOut(measure, "both sides must be images, not statistics");
      }
    }
    return result(
        generated,
        reference,
        frechet,
        score,
        new ByRows(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  /** Figures of means and covariances. */
  private record Frechet(
      Optional<FrechetDistance> whole,
      Optional<Jackknife> interval,
      Optional<FidInfinity> infinity,
      Optional<FidInfinity> infinityOfBoth,
      Optional<FrechetDistance> floor,
      Optional<FrechetDistance> spatial) {}

  /** Figures of rows. */
  private record ByRows(
      Optional<KernelDistance> kernel,
      Optional<KernelDistance.Blocks> blocks,
      Optional<NeighbourScores> neighbours,
      Optional<Double> mind,
      Optional<EvaluationResult.RowCounts> counts) {}

  private Frechet frechet(Side generated, Side reference) {
    try (FrechetJob job = new FrechetJob(spark, generated, reference, settings.seed())) {
      boolean value = asked(Measure.FID) || asked(Measure.INTERVAL);
      Optional<Later<FrechetDistance>> whole = value ? Optional.of(job.whole(0)) : Optional.empty();
      Optional<Later<Jackknife>> interval =
          asked(Measure.INTERVAL, () -> whole.flatMap(job::interval));
      Optional<Later<FidInfinity>> infinity = asked(Measure.INFINITY, job::oneSided);
      Optional<Later<FidInfinity>> both = asked(Measure.INFINITY, job::twoSided);
      Optional<Later<FrechetDistance>> floor = asked(Measure.FLOOR, job::floor);
      boolean spatialLayers = generated.hasSpatial() && reference.hasSpatial();
      Optional<Later<FrechetDistance>> spatial =
          spatialLayers ? asked(Measure.SFID, () -> Optional.of(job.whole(1))) : Optional.empty();
      warnOfFrechet(generated, reference, interval.isPresent(), floor.isPresent());
      warnOfInfinity(generated, infinity.isPresent(), both.isPresent());
      List<FrechetDistance> distances = job.run();
      return new Frechet(
          whole.map(later -> later.from(distances)),
          interval.map(later -> later.from(distances)),
          infinity.map(later -> later.from(distances)),
          both.map(later -> later.from(distances)),
          floor.map(later -> later.from(distances)),
          spatial.map(later -> later.from(distances)));
    }
  }

  private void warnOfFrechet(Side generated, Side reference, boolean interval, boolean floor) {
    if (asked(Measure.INTERVAL) && !interval) {
      leftOut(Measure.INTERVAL, ofNoGroups("generated side", generated));
    }
    if (asked(Measure.FLOOR) && !floor) {
      leftOut(Measure.FLOOR, ofNoGroups("reference", reference));
    }
    if (asked(Measure.SFID) && !(generated.hasSpatial() && reference.hasSpatial())) {
      leftOut(Measure.SFID, "both sides must have a spatial layer");
    }
  }

  private static String ofNoGroups(String role, Side side) {
    return side instanceof Side.Images
        ? "the %s has too few images for %d groups".formatted(role, FrechetJob.FEWEST_GROUPS)
        : "the %s is statistics".formatted(role);
  }

  private void warnOfInfinity(Side generated, boolean one, boolean both) {
    if (!asked(Measure.INFINITY)) {
      return;
    }
    if (!one) {
      leftOut(
          Measure.INFINITY,
          generated instanceof Side.Images
              ? "the generated side has fewer than %d images a feature"
                  .formatted(FrechetJob.FEWEST_IMAGES_A_FEATURE)
              : "the generated side is statistics");
    } else {
      if (!both) {
        leftOut(Measure.INFINITY, "over both sides: the reference is statistics or too few images");
      }
      if (generated.count().orElse(0) < STRAIGHT_LINE * (long) generated.dimension()) {
        warnings.add(
            "FID infinity is too low where there are fewer than %d images a feature, as here"
                .formatted(STRAIGHT_LINE));
      }
    }
  }

  private Optional<InceptionScore> inceptionScore(Side generated) {
    if (!asked(Measure.IS)) {
      return Optional.empty();
    }
    if (!(generated instanceof Side.Images images)) {
      leftOut(Measure.IS, "the generated side is statistics");
      return Optional.empty();
    }
    if (images.features().identity().classes() < 2) {
      leftOut(Measure.IS, "the extractor has no classes");
      return Optional.empty();
    }
    if (images.features().splits() > images.features().count()) {
      leftOut(Measure.IS, "fewer images than splits");
      return Optional.empty();
    }
    return images.features().scores().map(InceptionScore::of);
  }

  private EvaluationResult withRows(
      Side generated,
      Side reference,
      Frechet frechet,
      Optional<InceptionScore> score,
      RowsJob rows) {
    int fewest = Math.min(rows.generated(), rows.reference());
    Optional<KernelDistance> kernel = Optional.empty();
    Optional<KernelDistance.Blocks> blocks = Optional.empty();
    Optional<NeighbourScores> neighbours = Optional.empty();
    Optional<Double> mind = Optional.empty();
    if (asked(Measure.KID)) {
      int size = settings.kernelSubsetSize();
      if (size > fewest) {
        leftOut(
            Measure.KID,
            "subsets of %d images, %d are there (set --kid-subset-size)".formatted(size, fewest));
      } else {
        kernel =
            timed(
                "kernel",
                () ->
                    Optional.of(
                        rows.kernelDistance(settings.kernelSubsets(), size, settings.seed())));
        blocks = rows.kernelBlocks(size, settings.seed());
        if (blocks.isEmpty()) {
          warnings.add("no standard error of kid: fewer than two disjoint blocks of images");
        }
      }
    }
    if (asked(Measure.PRC)) {
      if (fewest <= NeighbourScores.COVERAGE_NEIGHBOURS) {
        leftOut(Measure.PRC, "%d images are too few".formatted(fewest));
      } else {
        neighbours = timed("neighbours", () -> Optional.of(rows.neighbours()));
      }
    }
    if (asked(Measure.MIND)) {
      mind = timed("mind", () -> Optional.of(rows.mind(settings.projections(), settings.seed())));
    }
    return result(
        generated,
        reference,
        frechet,
        score,
        new ByRows(
            kernel,
            blocks,
            neighbours,
            mind,
            Optional.of(new EvaluationResult.RowCounts(rows.generated(), rows.reference()))));
  }

  private EvaluationResult result(
      Side generated,
      Side reference,
      Frechet frechet,
      Optional<InceptionScore> score,
      ByRows byRows) {
    return new EvaluationResult(
        generated,
        reference,
        frechet.whole(),
        frechet.interval(),
        frechet.infinity(),
        frechet.infinityOfBoth(),
        frechet.floor(),
        frechet.spatial(),
        byRows.kernel(),
        byRows.blocks(),
        score,
        byRows.neighbours(),
        byRows.mind(),
        byRows.counts(),
        seconds,
        warnings);
  }

  private boolean asked(Measure measure) {
    return settings.measures().contains(measure);
  }

  private <T> Optional<T> asked(Measure measure, Supplier<Optional<T>> figure) {
    return asked(measure) ? figure.get() : Optional.empty();
  }

  private <T> T timed(String part, Supplier<T> work) {
    long start = System.nanoTime();
    T result = work.get();
    seconds.put(part, (System.nanoTime() - start) * 1e-9);
    return result;
  }

  private void leftOut(Measure measure, String reason) {
    warnings.add("no %s: %s".formatted(measure, reason));
  }
}
