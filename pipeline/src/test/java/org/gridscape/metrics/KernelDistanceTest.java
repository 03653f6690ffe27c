package org.gridscape.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.gridscape.metrics.KernelDistance.Blocks;
import org.gridscape.metrics.KernelDistance.Subset;
import org.gridscape.numpy.RandomState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KernelDistanceTest {
  static JsonNode kid() {
    return Golden.of("kid");
  }

  @ParameterizedTest
  @MethodSource("kid")
  void agreesWithTorchFidelity(JsonNode golden) {
    int d = golden.get("d").intValue();
    KernelDistance distance =
        KernelDistance.between(
            DrawnFeatures.rows(21, golden.get("n1").intValue(), d, 1, 0.5),
            DrawnFeatures.rows(
                22, golden.get("n2").intValue(), d, 1.2, golden.get("shift").doubleValue()),
            golden.get("subsets").intValue(),
            golden.get("size").intValue(),
            KernelDistance.SEED);
    assertThat(distance.mean()).isCloseTo(golden.get("mean").doubleValue(), withinPercentage(1e-8));
    assertThat(distance.deviation())
        .isCloseTo(golden.get("deviation").doubleValue(), within(1e-13));
  }

  /** k = (x y + 1)^3 of {0, 1} and {1, 2}: within 2 k(0,1) + 2 k(1,2), across 1, 1, 8, 27. */
  @Test
  void agreesWithAnEstimateByHand() {
    FeatureRows generated = new FeatureRows(1, new float[] {0, 1});
    FeatureRows reference = new FeatureRows(1, new float[] {1, 2});
    double expected = (2 * 1 + 2 * 27) / 2.0 - 2 * (1 + 1 + 8 + 27) / 4.0;
    assertThat(KernelDistance.estimate(generated, reference)).isEqualTo(expected);
    assertThat(
            KernelDistance.estimate(
                new FeatureRows(1, new float[] {9, 1, 0}),
                new FeatureRows(1, new float[] {2, 9, 1}),
                new Subset(new int[] {2, 1}, new int[] {2, 0})))
        .isEqualTo(expected);
  }

  @Test
  void subsetsAreDrawnInTorchFidelitysOrder() {
    RandomState expected = new RandomState(2020);
    List<Subset> subsets = KernelDistance.subsets(30, 40, 2, 5, new RandomState(2020));
    for (Subset subset : subsets) {
      assertThat(subset.generated()).containsExactly(expected.choice(30, 5));
      assertThat(subset.reference()).containsExactly(expected.choice(40, 5));
    }
    assertThat(subsets).hasSize(2);
  }

  @Test
  void disjointBlocksShareNoRow() {
    List<Subset> blocks = KernelDistance.disjointBlocks(47, 39, 10, new RandomState(1));
    assertThat(blocks).hasSize(3);
    assertThat(blocks.stream().flatMapToInt(block -> Arrays.stream(block.generated())).boxed())
        .doesNotHaveDuplicates()
        .hasSize(30);
    assertThat(blocks.stream().flatMapToInt(block -> Arrays.stream(block.reference())).boxed())
        .doesNotHaveDuplicates()
        .allMatch(row -> row < 39);
    assertThat(KernelDistance.disjointBlocks(19, 100, 10, new RandomState(1))).isEmpty();
  }

  @Test
  void blocksGiveTheStandardErrorOfTheirMean() {
    Blocks blocks = Blocks.of(new double[] {1, 2, 3, 6});
    assertThat(blocks.blocks()).isEqualTo(4);
    assertThat(blocks.mean()).isEqualTo(3);
    assertThat(blocks.standardError()).isCloseTo(Math.sqrt(14.0 / 3 / 4), within(1e-15));
  }

  @Test
  void rejectsSubsetsLargerThanASet() {
    RandomState random = new RandomState(1);
    assertThatThrownBy(() -> KernelDistance.subsets(2000, 900, 100, 1000, random))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid subset size: 1000 (must be 2 to the rows of each set: 2000 generated, 900 reference)");
    assertThatThrownBy(() -> KernelDistance.subsets(20, 90, 100, 1, random))
        .hasMessage(
            "Invalid subset size: 1 (must be 2 to the rows of each set: 20 generated, 90 reference)");
    assertThatThrownBy(() -> KernelDistance.subsets(20, 90, 0, 5, random))
        .hasMessage("Invalid subsets: 0 (must be >= 1)");
    assertThatThrownBy(() -> KernelDistance.disjointBlocks(20, 90, 1, random))
        .hasMessage("Invalid block size: 1 (must be >= 2)");
  }

  @Test
  void rejectsSidesThatDoNotMatch() {
    FeatureRows two = new FeatureRows(1, new float[2]);
    assertThatThrownBy(() -> KernelDistance.estimate(two, new FeatureRows(1, new float[3])))
        .hasMessage("Invalid subset: 2 generated and 3 reference rows (must be as many, >= 2)");
    assertThatThrownBy(() -> KernelDistance.estimate(two, new FeatureRows(2, new float[4])))
        .hasMessage("Invalid dimensions: 1 and 2 features (must be equal)");
    assertThatThrownBy(() -> new Subset(new int[1], new int[1]))
        .hasMessage("Invalid subset: 1 generated and 1 reference rows (must be as many, >= 2)");
    assertThatThrownBy(() -> KernelDistance.of(new double[0]))
        .hasMessage("Invalid subsets: 0 (must be >= 1)");
    assertThatThrownBy(() -> Blocks.of(new double[1]))
        .hasMessage("Invalid blocks: 1 (must be >= 2)");
  }
}
