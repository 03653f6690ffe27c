package org.gridscape.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrechetDistanceTest {
  private static final double FULL_RANK = 1e-9;
  private static final double DEFICIENT = 1e-6;

  static JsonNode fullRank() {
    return Golden.of("fullRank");
  }

  static JsonNode deficient() {
    return Golden.of("deficient");
  }

  static JsonNode small() {
    return Golden.of("small");
  }

  @ParameterizedTest
  @MethodSource("fullRank")
  void agreesWithScipyAtFullRank(JsonNode golden) {
    FrechetDistance distance = distance(golden);
    assertAgrees(distance.value(), golden, FULL_RANK);
    assertThat(distance.rank()).isEqualTo(golden.get("d").intValue());
  }

  @ParameterizedTest
  @MethodSource("deficient")
  void agreesWithScipyWhereRowsAreFew(JsonNode golden) {
    FrechetDistance distance = distance(golden);
    assertAgrees(distance.value(), golden, DEFICIENT);
    assertThat(distance.rank())
        .isEqualTo(Math.min(golden.get("n1").intValue(), golden.get("n2").intValue()) - 1);
  }

  @ParameterizedTest
  @MethodSource("small")
  void agreesWithScipyOnSmallSets(JsonNode golden) {
    assertAgrees(distance(golden).value(), golden, DEFICIENT);
  }

  /** Closer than the tools, which square what the singular values do not. */
  @ParameterizedTest
  @MethodSource({"fullRank", "deficient", "small"})
  void agreesWithSingularValuesOfTheRows(JsonNode golden) {
    assertThat(distance(golden).value())
        .isCloseTo(golden.get("nuclear").doubleValue(), withinPercentage(1e-9));
  }

  @ParameterizedTest
  @MethodSource({"fullRank", "deficient"})
  void statisticsWithoutARowCountGiveTheSame(JsonNode golden) {
    Gaussian[] known = gaussians(golden);
    Gaussian first = new Gaussian(known[0].mean(), known[0].covariance());
    Gaussian second = new Gaussian(known[1].mean(), known[1].covariance());
    double value = FrechetDistance.between(first, second).value();
    assertAgrees(value, golden, DEFICIENT);
  }

  @Test
  void agreesWithTheClosedFormOfDiagonalGaussians() {
    FrechetDistance distance =
        FrechetDistance.between(
            diagonal(new double[] {0, 1, 2}, 1, 4, 9), diagonal(new double[] {3, 1, 1}, 4, 4, 25));
    assertThat(distance.meanTerm()).isEqualTo(9 + 0 + 1);
    assertThat(distance.generatedTrace()).isEqualTo(14);
    assertThat(distance.referenceTrace()).isEqualTo(33);
    assertThat(distance.rootTrace()).isCloseTo(2 + 4 + 15, within(1e-13));
    assertThat(distance.covarianceTerm()).isCloseTo(1 + 0 + 4, within(1e-12));
    assertThat(distance.value()).isCloseTo(15, within(1e-12));
  }

  /** In two dimensions tr (S1 S2)^(1/2) = (tr S1 S2 + 2 (det S1 det S2)^(1/2))^(1/2). */
  @Test
  void agreesWithTheClosedFormOfCovariancesThatDoNotCommute() {
    Gaussian first = new Gaussian(new double[2], new double[] {2, 1, 1, 3});
    Gaussian second = new Gaussian(new double[2], new double[] {5, -2, -2, 1});
    double expected = 5 + 6 - 2 * Math.sqrt(9 + 2 * Math.sqrt(5 * 1));
    assertThat(FrechetDistance.between(first, second).value()).isCloseTo(expected, within(1e-12));
  }

  /** The example of compare_gan's own test: half of each set has another first feature. */
  @Test
  void agreesWithTheExampleOfCompareGan() {
    float[] real = new float[200];
    float[] generated = new float[200];
    for (int i = 0; i < 100; i++) {
      real[2 * i] = i < 50 ? 1 : 2;
      real[2 * i + 1] = 1;
      generated[2 * i] = i < 50 ? 9 : 2;
      generated[2 * i + 1] = 9;
    }
    double value =
        FrechetDistance.between(
                FeatureMoments.of(new FeatureRows(2, generated)),
                FeatureMoments.of(new FeatureRows(2, real)))
            .value();
    assertThat(value).isCloseTo(89.091, within(1e-4));
  }

  @Test
  void isExactlyTheSquaredDistanceOfMeansBetweenUnitGaussians() {
    int d = 2048;
    double[] ones = new double[d];
    Arrays.fill(ones, 1);
    double[] variances = ones.clone();
    assertThat(
            FrechetDistance.between(diagonal(ones, variances), diagonal(new double[d], variances))
                .value())
        .isEqualTo(2048);
  }

  @Test
  void isZeroBetweenEqualSets() {
    FeatureMoments many = FeatureMoments.of(DrawnFeatures.rows(1, 500, 64, 1, 0));
    FrechetDistance distance = FrechetDistance.between(many, many);
    assertThat(distance.meanTerm()).isZero();
    assertThat(distance.value()).isCloseTo(0, within(1e-12));
    FeatureMoments few = FeatureMoments.of(DrawnFeatures.rows(1, 20, 64, 1, 0));
    assertThat(FrechetDistance.between(few, few).value()).isCloseTo(0, within(1e-12));
  }

  @Test
  void isSymmetric() {
    FeatureMoments first = FeatureMoments.of(DrawnFeatures.rows(1, 300, 32, 1, 0));
    FeatureMoments second = FeatureMoments.of(DrawnFeatures.rows(2, 20, 32, 3, 0));
    double there = FrechetDistance.between(first, second).value();
    assertThat(there).isGreaterThan(1);
    assertThat(FrechetDistance.between(second, first).value())
        .isCloseTo(there, withinPercentage(1e-7));
  }

  @Test
  void oneReferenceServesManySets() {
    Gaussian base = Gaussian.of(FeatureMoments.of(DrawnFeatures.rows(1, 300, 32, 1, 0)));
    Gaussian many = Gaussian.of(FeatureMoments.of(DrawnFeatures.rows(2, 200, 32, 3, 0)));
    Gaussian few = Gaussian.of(FeatureMoments.of(DrawnFeatures.rows(3, 9, 32, 2, 0)));
    FrechetReference reference = new FrechetReference(base);
    FrechetDistance first = reference.distance(many);
    assertThat(reference.distance(few)).isEqualTo(FrechetDistance.between(few, base));
    assertThat(reference.distance(few).rank()).isEqualTo(8);
    assertThat(reference.distance(many)).isEqualTo(first);
    assertThat(reference.distance(base).value()).isCloseTo(0, within(1e-12));
  }

  /** So that tasks can measure the sets of a jackknife. */
  @Test
  void aReferenceSurvivesSerialization() throws Exception {
    Gaussian full = Gaussian.of(FeatureMoments.of(DrawnFeatures.rows(1, 60, 8, 1, 0)));
    Gaussian few = Gaussian.of(FeatureMoments.of(DrawnFeatures.rows(2, 5, 8, 1, 0)));
    for (Gaussian gaussian : List.of(full, few)) {
      FrechetReference reference = new FrechetReference(gaussian);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(reference);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        FrechetReference read = (FrechetReference) in.readObject();
        assertThat(read.distance(full)).isEqualTo(reference.distance(full));
      }
    }
  }

  @Test
  void addsTracesWhereCovariancesAreOrthogonal() {
    assertThat(
            FrechetDistance.between(
                    diagonal(new double[3], 2, 0, 0), diagonal(new double[3], 0, 5, 0))
                .value())
        .isEqualTo(7);
  }

  @Test
  void acceptsConstantFeatures() {
    FeatureMoments first = FeatureMoments.of(new FeatureRows(2, new float[] {1, 2, 1, 2}));
    FeatureMoments second = FeatureMoments.of(new FeatureRows(2, new float[] {4, 6, 4, 6}));
    assertThat(FrechetDistance.between(first, second))
        .isEqualTo(new FrechetDistance(25, 0, 0, 0, 0));
  }

  @Test
  void severalThreadsGiveTheSameUpToRounding() {
    Gaussian first = Gaussian.of(FeatureMoments.of(DrawnFeatures.rows(1, 400, 300, 1, 0)));
    Gaussian second = Gaussian.of(FeatureMoments.of(DrawnFeatures.rows(2, 400, 300, 1.5, 0)));
    double alone = FrechetDistance.between(first, second).value();
    try (BlasThreads threads = BlasThreads.use(2)) {
      assertThat(threads).isNotNull();
      assertThat(FrechetDistance.between(first, second).value())
          .isCloseTo(alone, withinPercentage(1e-10));
    }
    assertThat(FrechetDistance.between(first, second).value()).isEqualTo(alone);
  }

  @Test
  void rejectsSetsOfOneRow() {
    FeatureMoments one = FeatureMoments.of(new FeatureRows(2, new float[] {1, 2}));
    FeatureMoments two = FeatureMoments.of(new FeatureRows(2, new float[] {1, 2, 2, 1}));
    assertThatThrownBy(() -> FrechetDistance.between(two, one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid row count: 1 (must be >= 2 for a covariance)");
  }

  @Test
  void rejectsOtherDimensions() {
    assertThatThrownBy(
            () -> FrechetDistance.between(FeatureMoments.empty(2), FeatureMoments.empty(3)))
        .hasMessage("Invalid dimensions: 2 and 3 features (must be equal)");
    FrechetReference reference = new FrechetReference(diagonal(new double[2], 1, 1));
    assertThatThrownBy(() -> reference.distance(diagonal(new double[3], 1, 1, 1)))
        .hasMessage("Invalid dimensions: 3 and 2 features (must be equal)");
  }

  @Test
  void rejectsGaussiansThatContradictThemselves() {
    assertThatThrownBy(() -> new Gaussian(new double[2], new double[3]))
        .hasMessage("Invalid Gaussian: 2 means, 3 covariances (must be d and d * d)");
    assertThatThrownBy(() -> new Gaussian(new double[2], new double[4], 3))
        .hasMessage("Invalid rank bound: 3 (must be 0 to 2)");
    assertThatThrownBy(() -> new Gaussian(new double[] {Double.NaN}, new double[1]))
        .hasMessage("Invalid mean: NaN (must be finite)");
    assertThatThrownBy(() -> new Gaussian(new double[1], new double[] {Double.POSITIVE_INFINITY}))
        .hasMessage("Invalid covariance: Infinity (must be finite)");
    assertThatThrownBy(() -> BlasThreads.use(0)).hasMessage("Invalid threads: 0 (must be >= 1)");
  }

  private static void assertAgrees(double value, JsonNode golden, double tolerance) {
    assertThat(value)
        .isCloseTo(golden.get("torchFidelity").doubleValue(), withinPercentage(100 * tolerance));
    if (!golden.get("pytorchFid").isNull()) {
      assertThat(value)
          .isCloseTo(golden.get("pytorchFid").doubleValue(), withinPercentage(100 * tolerance));
    }
  }

  private static FrechetDistance distance(JsonNode golden) {
    Gaussian[] pair = gaussians(golden);
    return FrechetDistance.between(pair[0], pair[1]);
  }

  private static Gaussian[] gaussians(JsonNode golden) {
    int d = golden.get("d").intValue();
    double decay = golden.get("decay").doubleValue();
    double scale = golden.get("scale").doubleValue();
    double shift = golden.get("shift").doubleValue();
    FeatureRows first = DrawnFeatures.rows(11, golden.get("n1").intValue(), d, 1.0, 0.25, decay);
    FeatureRows second =
        DrawnFeatures.rows(12, golden.get("n2").intValue(), d, scale, shift, decay);
    return new Gaussian[] {
      Gaussian.of(FeatureMoments.of(first)), Gaussian.of(FeatureMoments.of(second))
    };
  }

  private static Gaussian diagonal(double[] mean, double... variances) {
    double[] covariance = new double[mean.length * mean.length];
    for (int i = 0; i < mean.length; i++) {
      covariance[i * mean.length + i] = variances[i];
    }
    return new Gaussian(mean, covariance);
  }
}
