package org.gridscape.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JackknifeTest {
  private static final double[] VALUES = {3, 1, 4, 1, 5, 9, 2, 6};

  @Test
  void agreesWithADirectComputation() {
    JsonNode golden = Golden.of("jackknife");
    Jackknife jackknife =
        Jackknife.of(
            golden.get("value").doubleValue(),
            Golden.doubles(golden.get("leftOut")),
            equal(golden.get("leftOut").size()));
    assertClose(jackknife.standardError(), golden, "standardError");
    assertClose(jackknife.bias(), golden, "bias");
    assertClose(jackknife.lower(), golden, "lower");
    assertClose(jackknife.upper(), golden, "upper");
  }

  /** Of a mean it is the usual standard error, and finds no bias. */
  @Test
  void ofAMeanIsTheUsualStandardError() {
    double mean = Arrays.stream(VALUES).average().orElseThrow();
    double[] leftOut = Arrays.stream(VALUES).map(value -> (mean * 8 - value) / 7).toArray();
    double variance = Arrays.stream(VALUES).map(value -> (value - mean) * (value - mean)).sum() / 7;
    Jackknife jackknife = Jackknife.of(mean, leftOut, equal(8));
    assertThat(jackknife.standardError()).isCloseTo(Math.sqrt(variance / 8), within(1e-14));
    assertThat(jackknife.bias()).isCloseTo(0, within(1e-13));
    assertThat(jackknife.value()).isEqualTo(mean);
  }

  /** Of the variance divided by n the bias is minus that divided by n - 1, by n, exactly. */
  @Test
  void findsTheBiasOfAVariance() {
    double[] leftOut = new double[8];
    Arrays.setAll(leftOut, JackknifeTest::varianceWithout);
    Jackknife jackknife = Jackknife.of(varianceWithout(-1), leftOut, equal(8));
    assertThat(jackknife.bias()).isCloseTo(-varianceWithout(-1) / 7, within(1e-13));
  }

  /** The blocks of a Frechet distance: taken out of the sum of all. */
  @Test
  void takesBlocksOutOfMoments() {
    FeatureRows rows = DrawnFeatures.rows(1, 800, 6, 1, 0);
    FrechetReference reference =
        new FrechetReference(Gaussian.of(FeatureMoments.of(DrawnFeatures.rows(2, 900, 6, 1, 0.2))));
    FeatureMoments all = FeatureMoments.of(rows);
    double[] leftOut = new double[8];
    for (int b = 0; b < 8; b++) {
      FeatureMoments block = FeatureMoments.of(rows.slice(100 * b, 100 * b + 100));
      leftOut[b] = reference.distance(Gaussian.of(all.without(block))).value();
    }
    double value = reference.distance(Gaussian.of(all)).value();
    Jackknife jackknife = Jackknife.of(value, leftOut, equal(8));
    assertThat(jackknife.lower()).isLessThan(value);
    assertThat(jackknife.upper()).isGreaterThan(value);
    assertThat(jackknife.standardError()).isBetween(0.001, 0.1);
    assertThat(leftOut[7])
        .isCloseTo(
            reference.distance(Gaussian.of(FeatureMoments.of(rows.slice(0, 700)))).value(),
            within(1e-12));
  }

  /** A figure that is all bias, c / n, has no variance and gives its bias exactly. */
  @Test
  void takesBiasForBiasWhateverTheSizes() {
    int[] sizes = {3, 2, 2, 3, 1, 4};
    double[] leftOut = Arrays.stream(sizes).mapToDouble(size -> 30.0 / (15 - size)).toArray();
    Jackknife jackknife = Jackknife.of(2, leftOut, sizes);
    assertThat(jackknife.standardError()).isCloseTo(0, within(1e-12));
    assertThat(jackknife.bias()).isCloseTo(2, within(1e-12));
  }

  @Test
  void rejectsBlocksThatContradictThemselves() {
    assertThatThrownBy(() -> Jackknife.of(1, new double[1], new int[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid blocks: 1 values, sizes [1] (must be >= 2 values and as many sizes >= 1)");
    assertThatThrownBy(() -> Jackknife.of(1, new double[2], new int[] {1, 0}))
        .hasMessage(
            "Invalid blocks: 2 values, sizes [1, 0] (must be >= 2 values and as many sizes >= 1)");
  }

  private static int[] equal(int blocks) {
    return IntStream.range(0, blocks).map(block -> 10).toArray();
  }

  private static double varianceWithout(int index) {
    double[] kept =
        IntStream.range(0, 8).filter(i -> i != index).mapToDouble(i -> VALUES[i]).toArray();
    double mean = Arrays.stream(kept).average().orElseThrow();
    return Arrays.stream(kept).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
  }

  private static void assertClose(double value, JsonNode golden, String name) {
    assertThat(value).isCloseTo(golden.get(name).doubleValue(), withinPercentage(1e-9));
  }
}
