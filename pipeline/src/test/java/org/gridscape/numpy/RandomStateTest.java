package org.gridscape.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against numpy's own draws, written by random_state.py beside random_state.json. */
class RandomStateTest {
  private static final int SKIPPED_WORDS = 695;

  static Iterable<JsonNode> draws() throws IOException {
    try (InputStream in = RandomStateTest.class.getResourceAsStream("random_state.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in)).get("draws");
    }
  }

  @ParameterizedTest
  @MethodSource("draws")
  void wordsAreThoseOfNumpyBeyondTheFirstRefill(JsonNode golden) {
    RandomState random = random(golden);
    IntStream.range(0, SKIPPED_WORDS).forEach(i -> random.nextWord());
    for (JsonNode word : golden.get("words")) {
      assertThat(Integer.toUnsignedLong(random.nextWord())).isEqualTo(word.longValue());
    }
  }

  @ParameterizedTest
  @MethodSource("draws")
  void doublesAreThoseOfNumpy(JsonNode golden) {
    RandomState random = random(golden);
    for (JsonNode value : golden.get("doubles")) {
      assertThat(random.nextDouble()).isEqualTo(value.doubleValue());
    }
  }

  @ParameterizedTest
  @MethodSource("draws")
  void normalsAreThoseOfNumpyUpToTheLogarithm(JsonNode golden) {
    RandomState random = random(golden);
    for (JsonNode value : golden.get("normals")) {
      assertThat(random.nextGaussian()).isCloseTo(value.doubleValue(), within(1e-15));
    }
  }

  @ParameterizedTest
  @MethodSource("draws")
  void permutationsAndChoicesAreThoseOfNumpy(JsonNode golden) {
    assertThat(random(golden).permutation(37)).containsExactly(ints(golden.get("permutation")));
    assertThat(random(golden).choice(1000, 12)).containsExactly(ints(golden.get("choice")));
  }

  @ParameterizedTest
  @MethodSource("draws")
  void kindsDrawnInTurnShareOneState(JsonNode golden) {
    RandomState random = random(golden);
    JsonNode turn = golden.get("inTurn");
    assertThat(random.nextGaussian()).isCloseTo(turn.get("normal").doubleValue(), within(1e-15));
    assertThat(random.choice(20, 5)).containsExactly(ints(turn.get("first")));
    assertThat(random.choice(33, 4)).containsExactly(ints(turn.get("second")));
    assertThat(random.nextGaussian()).isCloseTo(turn.get("spare").doubleValue(), within(1e-15));
    assertThat(random.permutation(4)).containsExactly(ints(turn.get("permutation")));
    assertThat(random.nextDouble()).isEqualTo(turn.get("double").doubleValue());
  }

  @Test
  void smallestPermutationsNeedNoDraw() {
    RandomState random = new RandomState(3);
    assertThat(random.permutation(0)).isEmpty();
    assertThat(random.permutation(1)).containsExactly(0);
    assertThat(random.nextWord()).isEqualTo(new RandomState(3).nextWord());
  }

  @Test
  void rejectsWhatCannotBeDrawn() {
    assertThatThrownBy(() -> new RandomState(-1)).hasMessage("Invalid seed: -1 (must be >= 0)");
    assertThatThrownBy(() -> new RandomState(1).permutation(-2))
        .hasMessage("Invalid length: -2 (must be >= 0)");
    assertThatThrownBy(() -> new RandomState(1).choice(3, 4))
        .hasMessage("Invalid choice: 4 of 3 (must be 0 to 3)");
  }

  private static RandomState random(JsonNode golden) {
    return new RandomState(golden.get("seed").intValue());
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }
}
