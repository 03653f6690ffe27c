package org.gridscape.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.data.Percentage;
import org.gridscape.evaluate.MeasureSettings.Measure;
import org.gridscape.metrics.FeatureMoments;
import org.gridscape.metrics.FeatureRows;
import org.gridscape.metrics.FrechetDistance;
import org.gridscape.metrics.KernelDistance;
import org.gridscape.metrics.Mind;
import org.gridscape.metrics.NeighbourScores;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures in tasks against the same measures in one thread. */
class EvaluationIT {
  private static final MeasureSettings SETTINGS =
      new MeasureSettings(Set.of(Measure.values()), 12, 60, 30, 2020);
  private static final byte[] GENERATED = SmallImages.pixels(700, 1);
  private static final byte[] REFERENCE = SmallImages.pixels(900, 9);

  private static SparkSession session;
  private static JavaSparkContext spark;
  private static Path folder;
  private static FeatureSet generated;
  private static FeatureSet reference;
  private static EvaluationResult result;

  @BeforeAll
  static void measure(@TempDir Path temporary) throws IOException {
    folder = temporary;
    SmallImages.write(folder.resolve("generated.npz"), GENERATED);
    SmallImages.write(folder.resolve("reference.npz"), REFERENCE);
    session = SmallImages.session("local[2]");
    spark = SmallImages.context(session);
    generated = features(spark, "two", "generated.npz");
    reference = features(spark, "two", "reference.npz");
    result =
        Evaluation.compare(spark, SETTINGS, new Side.Images(generated), new Side.Images(reference));
  }

  private static FeatureSet features(JavaSparkContext context, String work, String file) {
    return SmallImages.extraction(context, folder.resolve(work), 5000)
        .extract(SourceImages.of(folder.resolve(file).toString()));
  }

  @AfterAll
  static void stopSpark() {
    session.stop();
  }

  @Test
  void agreesWithOneThread() {
    FeatureRows own = SmallImages.rows(GENERATED);
    FeatureRows others = SmallImages.rows(REFERENCE);
    assertThat(result.frechet().orElseThrow().value())
        .isCloseTo(
            FrechetDistance.between(FeatureMoments.of(own), FeatureMoments.of(others)).value(),
            Percentage.withPercentage(1e-8));
    assertThat(result.kernel()).contains(KernelDistance.between(own, others, 12, 60, 2020));
    assertThat(result.kernelBlocks().orElseThrow().blocks()).isEqualTo(11);
    assertThat(result.neighbours()).contains(NeighbourScores.between(own, others));
    assertThat(result.mind().orElseThrow())
        .isCloseTo(Mind.between(own, others, 30, 2020), Percentage.withPercentage(1e-10));
    assertThat(result.rows()).contains(new EvaluationResult.RowCounts(700, 900));
  }

  @Test
  void putsTheDistanceIntoItsInterval() {
    double value = result.frechet().orElseThrow().value();
    assertThat(result.interval().orElseThrow().value()).isEqualTo(value);
    assertThat(value)
        .isBetween(
            result.interval().orElseThrow().lower(), result.interval().orElseThrow().upper());
    assertThat(result.interval().orElseThrow().standardError()).isPositive();
  }

  /** More images have less bias, so the line falls to its intercept. */
  @Test
  void extrapolatesBelowTheDistance() {
    double value = result.frechet().orElseThrow().value();
    assertThat(result.infinity().orElseThrow().intercept()).isLessThan(value);
    assertThat(result.infinityOfBoth().orElseThrow().intercept())
        .isLessThan(result.infinity().orElseThrow().intercept());
    assertThat(result.infinityOfBoth().orElseThrow().slope()).isPositive();
    assertThat(result.floor().orElseThrow().value()).isBetween(0.0, value);
  }

  @Test
  void saysWhatItLeavesOut() {
    assertThat(result.inceptionScore()).isEmpty();
    assertThat(result.spatial()).isEmpty();
    assertThat(result.warnings())
        .contains(
            "no is: the extractor has no classes",
            folder.resolve("generated.npz")
                + " has 700 images: distances of fewer than 10,000 are biased upwards, compare like counts only");
  }

  @Test
  void hasTheSameBitsOnOneCore() {
    session.stop();
    try (SparkSession one = SmallImages.session("local[1]")) {
      JavaSparkContext context = SmallImages.context(one);
      EvaluationResult onOne =
          Evaluation.compare(
              context,
              SETTINGS,
              new Side.Images(features(context, "one", "generated.npz")),
              new Side.Images(features(context, "one", "reference.npz")));
      assertThat(onOne.frechet()).isEqualTo(result.frechet());
      assertThat(onOne.interval()).isEqualTo(result.interval());
      assertThat(onOne.infinity()).isEqualTo(result.infinity());
      assertThat(onOne.infinityOfBoth()).isEqualTo(result.infinityOfBoth());
      assertThat(onOne.floor()).isEqualTo(result.floor());
      assertThat(onOne.kernel()).isEqualTo(result.kernel());
      assertThat(onOne.kernelBlocks()).isEqualTo(result.kernelBlocks());
      assertThat(onOne.neighbours()).isEqualTo(result.neighbours());
      assertThat(onOne.mind()).isEqualTo(result.mind());
    } finally {
      session = SmallImages.session("local[2]");
      spark = SmallImages.context(session);
    }
  }

  @Test
  void measuresStatisticsByTheirGaussiansAlone() {
    StatisticsFile file =
        StatisticsFile.of(
            reference.moments(),
            Optional.empty(),
            Origin.of(reference.identity(), "reference", "2026"));
    EvaluationResult statistics =
        Evaluation.compare(
            spark,
            SETTINGS,
            new Side.Images(generated),
            new Side.Statistics("reference.npz", file));
    assertThat(statistics.frechet().orElseThrow().value())
        .isCloseTo(result.frechet().orElseThrow().value(), Percentage.withPercentage(1e-8));
    assertThat(statistics.interval()).isPresent();
    assertThat(statistics.infinity()).isPresent();
    assertThat(statistics.infinityOfBoth()).isEmpty();
    assertThat(statistics.kernel()).isEmpty();
    assertThat(statistics.warnings())
        .contains(
            "no kid: both sides must be images, not statistics",
            "no prc: both sides must be images, not statistics",
            "no mind: both sides must be images, not statistics",
            "no floor: the reference is statistics",
            "no infinity: over both sides: the reference is statistics or too few images");
  }

  @Test
  void measuresOnlyWhatIsAskedFor() {
    EvaluationResult only =
        Evaluation.compare(
            spark,
            SETTINGS.only(Set.of(Measure.FID)),
            new Side.Images(generated),
            new Side.Images(reference));
    assertThat(only.frechet()).isEqualTo(result.frechet());
    assertThat(List.of(only.interval(), only.kernel(), only.neighbours(), only.mind()))
        .containsOnly(Optional.empty());
  }

  @Test
  void namesItsFiguresAsTorchFidelityDoes() {
    ObjectNode json = EvaluationJson.of(result, List.of("one more"));
    assertThat(json.path("frechet_inception_distance").asDouble())
        .isEqualTo(result.frechet().orElseThrow().value());
    assertThat(json.fieldNames())
        .toIterable()
        .contains(
            "kernel_inception_distance_mean",
            "kernel_inception_distance_std",
            "precision",
            "recall",
            "f_score",
            "density",
            "coverage",
            "monge_inception_distance",
            "protocol");
    assertThat(json.at("/generated/images").asInt()).isEqualTo(700);
    assertThat(json.at("/frechet/interval_95/lower").asDouble())
        .isEqualTo(result.interval().orElseThrow().lower());
    assertThat(
            json.at("/frechet/mean_term").asDouble()
                + json.at("/frechet/covariance_term").asDouble())
        .isCloseTo(result.frechet().orElseThrow().value(), within(1e-9));
    assertThat(json.path("warnings"))
        .last()
        .satisfies(text -> assertThat(text.asText()).isEqualTo("one more"));
  }
}
