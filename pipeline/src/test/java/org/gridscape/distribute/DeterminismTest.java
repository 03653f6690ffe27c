package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.Fingerprint;
import org.junit.jupiter.api.Test;

class DeterminismTest {
  private static final Worker ONE = worker("1", "Zen 3", "avx2");
  private static final Worker TWO = worker("2", "Zen 3", "avx2");
  private static final Worker OTHER = worker("3", "Zen 4", "avx512_core");

  @Test
  void likeExecutorsAreSeenOnce() {
    Determinism determinism = new Determinism(Determinism.Mode.STRICT, List.of());
    determinism.check(List.of(ONE, TWO));
    determinism.check(List.of(TWO));
    assertThat(determinism.seen()).containsExactly(ONE.fingerprint());
  }

  @Test
  void strictNamesTheExecutorAndTheDifferenceAndRemembersNothing() {
    Determinism determinism = new Determinism(Determinism.Mode.STRICT, List.of());
    assertThatThrownBy(() -> determinism.check(List.of(ONE, OTHER)))
        .isInstanceOf(UnlikeExecutorsException.class)
        .hasMessage(
            "Executors differ: executor 3 on host-3 is unlike those before: processor: Zen 3 and"
                + " Zen 4; instructions: avx2 and avx512_core (must be alike for the same bits;"
                + " cluster.determinism=warn lets them differ)");
    assertThat(determinism.seen()).containsExactly(ONE.fingerprint());
  }

  @Test
  void strictRemembersWhatComputedTheRunBefore() {
    Determinism continued = new Determinism(Determinism.Mode.STRICT, List.of(ONE.fingerprint()));
    continued.check(List.of(TWO));
    assertThatThrownBy(() -> continued.check(List.of(OTHER)))
        .isInstanceOf(UnlikeExecutorsException.class);
  }

  @Test
  void warnsOnceForEachKind() {
    Determinism determinism = new Determinism(Determinism.Mode.WARN, List.of());
    try (LoggedWarnings warnings = new LoggedWarnings(Determinism.class)) {
      determinism.check(List.of(ONE, OTHER));
      determinism.check(List.of(OTHER, TWO));
      assertThat(warnings.messages())
          .singleElement()
          .asString()
          .startsWith("The bits of this run are not those of a uniform cluster: executor 3");
    }
    assertThat(determinism.seen()).containsExactly(ONE.fingerprint(), OTHER.fingerprint());
  }

  private static Worker worker(String id, String processor, String instructions) {
    return new Worker(
        id,
        "host-" + id,
        new Fingerprint(
            EngineKind.FUSED, "amd64", processor, "oneDNN 2.5.2", instructions, "cpu", 17));
  }
}
