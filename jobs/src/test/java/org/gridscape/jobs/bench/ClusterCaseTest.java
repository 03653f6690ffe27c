package org.gridscape.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterCaseTest {
  private static final Path CONF = Path.of(System.getProperty("gridscape.home", ".."), "conf");

  private final List<ClusterCase> all = ClusterCase.all(CONF, Path.of("bench"));

  @Test
  void networksAreThoseThatShipAndTwoOfTheSizesInQuestion() {
    assertThat(all).extracting(ClusterCase::title).doesNotHaveDuplicates();
    assertThat(find(ClusterCase.STABLE).config().learning().langevin().steps()).isEqualTo(30);
    assertThat(find(ClusterCase.PAPER).config().networks()).allMatch(n -> n.spec().batchNorm());
    assertThat(Load.megabytes(find("4MB").config())).isBetween(4.0, 4.2);
    assertThat(Load.megabytes(find("25MB").config())).isBetween(25.0, 26.0);
    assertThat(Load.megabytes(find("64-shards").config())).isLessThan(0.1);
  }

  @Test
  void bothUpdatesAndBothSumsOccur() {
    assertThat(find("stable64-averaging").config().update().localSteps()).isEqualTo(4);
    assertThat(Load.of(find("stable64-averaging").config(), 2).up())
        .isEqualTo(3 * Load.megabytes(find(ClusterCase.STABLE).config()));
    assertThat(Load.of(find("4MB-groups").config(), 2).levels()).isEqualTo(1);
    assertThat(Load.of(find("25MB-groups").config(), 2).levels()).isEqualTo(1);
    assertThat(Load.of(find("25MB-8-shards").config(), 2).levels()).isZero();
  }

  @Test
  void aTurnWithoutIterationsIsRefused() {
    assertThatThrownBy(() -> new ClusterCase("x", all.get(0).config(), 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid iterations: 1, 0 counted (must be >= 1)");
  }

  private ClusterCase find(String title) {
    return all.stream().filter(c -> c.title().equals(title)).findFirst().orElseThrow();
  }
}
