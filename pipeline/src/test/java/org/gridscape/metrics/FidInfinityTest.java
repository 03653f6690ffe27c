package org.gridscape.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class FidInfinityTest {
  @Test
  void agreesWithScipysRegression() {
    JsonNode golden = Golden.of("line");
    int[] sizes =
        StreamSupport.stream(golden.get("sizes").spliterator(), false)
            .mapToInt(JsonNode::intValue)
            .toArray();
    FidInfinity line = FidInfinity.oneSided(sizes, Golden.doubles(golden.get("distances")));
    assertClose(line.intercept(), golden, "intercept");
    assertClose(line.slope(), golden, "slope");
    assertClose(line.rSquared(), golden, "rSquared");
    assertClose(line.lower(), golden, "lower");
    assertClose(line.upper(), golden, "upper");
  }

  @Test
  void findsTheLineBehindExactDistances() {
    int[] generated = {100, 200, 400, 300};
    int[] reference = {100, 400, 300, 500};
    double[] distances = new double[4];
    Arrays.setAll(distances, i -> 5 + 40 * (1.0 / generated[i] + 1.0 / reference[i]));
    FidInfinity line = FidInfinity.twoSided(generated, reference, distances);
    assertThat(line.intercept()).isCloseTo(5, within(1e-12));
    assertThat(line.slope()).isCloseTo(40, within(1e-10));
    assertThat(line.rSquared()).isCloseTo(1, within(1e-12));
    assertThat(line.upper() - line.lower()).isLessThan(1e-11);
  }

  @Test
  void distancesThatDoNotVaryAreALine() {
    FidInfinity line = FidInfinity.oneSided(new int[] {10, 20, 30}, new double[] {2, 2, 2});
    assertThat(line).isEqualTo(new FidInfinity(2, 0, 1, 2, 2));
  }

  @Test
  void rejectsPointsThatGiveNoLine() {
    assertThatThrownBy(() -> FidInfinity.oneSided(new int[] {10, 20}, new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid points: 2 sizes and 2 distances (must be as many, >= 3)");
    assertThatThrownBy(() -> FidInfinity.oneSided(new int[] {10, 20, 30}, new double[4]))
        .hasMessage("Invalid points: 3 sizes and 4 distances (must be as many, >= 3)");
    assertThatThrownBy(() -> FidInfinity.oneSided(new int[] {10, 10, 10}, new double[3]))
        .hasMessage("Invalid points: all of one size (must be at least two sizes)");
    assertThatThrownBy(() -> FidInfinity.oneSided(new int[] {10, 20, 1}, new double[3]))
        .hasMessage("Invalid size: 1 (must be >= 2)");
    assertThatThrownBy(() -> FidInfinity.twoSided(new int[3], new int[4], new double[3]))
        .hasMessage("Invalid sizes: 3 generated and 4 of references (must be as many)");
  }

  private static void assertClose(double value, JsonNode golden, String name) {
    assertThat(value).isCloseTo(golden.get(name).doubleValue(), withinPercentage(1e-9));
  }
}
