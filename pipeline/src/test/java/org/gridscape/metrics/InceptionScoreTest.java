package org.gridscape.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.gridscape.numpy.RandomState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InceptionScoreTest {
  private static final double TOLERANCE = 1e-10;

  static JsonNode isc() {
    return Golden.of("isc");
  }

  @ParameterizedTest
  @MethodSource("isc")
  void agreesWithTorchFidelity(JsonNode golden) {
    FeatureRows logits = logits(golden);
    int splits = golden.get("splits").intValue();
    InceptionSums sums = new InceptionSums(splits, logits.dimension());
    sums.add(logits, InceptionSums.splitOfImages(logits.rows(), splits, InceptionScore.SEED));
    assertAgrees(InceptionScore.of(sums), golden);
    assertThat(sums.images()).isEqualTo(logits.rows());
  }

  @ParameterizedTest
  @MethodSource("isc")
  void mergedPiecesAgreeToo(JsonNode golden) {
    FeatureRows logits = logits(golden);
    int splits = golden.get("splits").intValue();
    int[] split = InceptionSums.splitOfImages(logits.rows(), splits, InceptionScore.SEED);
    InceptionSums all = new InceptionSums(splits, logits.dimension());
    for (int from = 0; from < logits.rows(); from += 13) {
      int to = Math.min(logits.rows(), from + 13);
      InceptionSums piece = new InceptionSums(splits, logits.dimension());
      piece.add(logits.slice(from, to), Arrays.copyOfRange(split, from, to));
      all.merge(piece);
    }
    assertAgrees(InceptionScore.of(all), golden);
  }

  @Test
  void imagesOfOneClassEachScoreTheNumberOfClasses() {
    InceptionSums sums = new InceptionSums(1, 4);
    float[] logits = new float[16];
    for (int i = 0; i < 4; i++) {
      logits[5 * i] = 2000;
    }
    sums.add(new FeatureRows(4, logits), new int[4]);
    assertThat(InceptionScore.of(sums).mean()).isCloseTo(4, within(1e-14));
    assertThat(InceptionScore.of(sums).deviation()).isZero();
  }

  @Test
  void imagesAllAlikeScoreOne() {
    InceptionSums sums = new InceptionSums(2, 3);
    sums.add(new FeatureRows(3, new float[] {1, 2, 3, 1, 2, 3}), new int[] {0, 1});
    assertThat(InceptionScore.of(sums).mean()).isCloseTo(1, within(1e-14));
  }

  @Test
  void splitsAreContiguousInTheRandomOrder() {
    int[] order = new RandomState(2020).permutation(11);
    int[] split = InceptionSums.splitOfImages(11, 3, 2020);
    assertThat(Arrays.stream(order).map(image -> split[image]))
        .containsExactly(0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2);
  }

  @Test
  void rejectsWhatDoesNotFit() {
    assertThatThrownBy(() -> InceptionSums.splitOfImages(5, 6, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid splits: 6 (must be 1 to the number of images, 5)");
    assertThatThrownBy(() -> new InceptionSums(0, 5))
        .hasMessage("Invalid Inception Score: 0 splits, 5 classes (must be >= 1 and >= 2)");
    InceptionSums sums = new InceptionSums(2, 3);
    FeatureRows one = new FeatureRows(3, new float[3]);
    assertThatThrownBy(() -> sums.add(one, new int[] {2}))
        .hasMessage("Invalid split: 2 (must be 0 to 1)");
    assertThatThrownBy(() -> sums.add(one, new int[2]))
        .hasMessage("Invalid splits: 2 (must be one for each of 1 images)");
    assertThatThrownBy(() -> sums.add(new FeatureRows(4, new float[4]), new int[1]))
        .hasMessage("Invalid dimensions: 3 and 4 features (must be equal)");
    assertThatThrownBy(() -> sums.merge(new InceptionSums(3, 3)))
        .hasMessage("Invalid Inception Score: 2 splits of 3 classes and 3 of 3 (must be equal)");
  }

  @Test
  void rejectsASplitWithoutImages() {
    InceptionSums sums = new InceptionSums(2, 3);
    sums.add(new FeatureRows(3, new float[3]), new int[1]);
    assertThatThrownBy(() -> InceptionScore.of(sums))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot compute an Inception Score: split 1 of 2 has no images");
  }

  private static FeatureRows logits(JsonNode golden) {
    return DrawnFeatures.rows(
        31,
        golden.get("n").intValue(),
        golden.get("classes").intValue(),
        golden.get("scale").doubleValue(),
        0.5);
  }

  private static void assertAgrees(InceptionScore score, JsonNode golden) {
    assertThat(score.mean())
        .isCloseTo(golden.get("mean").doubleValue(), withinPercentage(100 * TOLERANCE));
    assertThat(score.deviation())
        .isCloseTo(golden.get("deviation").doubleValue(), within(TOLERANCE));
  }
}
