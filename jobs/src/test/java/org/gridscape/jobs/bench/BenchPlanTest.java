package org.gridscape.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.gridscape.config.RunConfig;
import org.gridscape.learning.Optimizer;
import org.junit.jupiter.api.Test;

class BenchPlanTest {
  private static final Path CONF = Path.of(System.getProperty("gridscape.home", ".."), "conf");
  private static final Path DATA = Path.of("bench");

  private final BenchPlan full = BenchPlan.full(CONF, DATA, 5);

  @Test
  void quickHasTheNetworksAndTheTrainingOfTheQuickstart() {
    BenchPlan quick = BenchPlan.quick(CONF, DATA, 5);
    assertThat(quick.chains()).containsOnlyKeys("chain");
    assertThat(list(quick.chains(), "chain")).hasSize(8).allMatch(c -> c.batch() == 16);
    assertThat(quick.threads()).containsExactly(1, 2);
    RunConfig config = list(quick.iterations(), "iteration").get(0).config();
    assertThat(config.learning().ladder().sides()).containsExactly(1, 4, 8, 16, 32);
    assertThat(config.learning().langevin().steps()).isEqualTo(20);
    assertThat(config.batch()).isEqualTo(64);
    assertThat(config.cellSize()).isEqualTo(16);
    assertThat(config.data().shards()).isEqualTo(4);
  }

  @Test
  void thePenaltyMeetsTheQuickstartWithThirtySteps() {
    assertThat(full.penalties()).hasSize(1);
    PenaltyCase penalty = full.penalties().get(0);
    assertThat(penalty.name()).isEqualTo("penalty/quickstart/threads-1");
    assertThat(penalty.without().learning().penalty().gammas()).containsOnly(0.0);
    assertThat(penalty.with().learning().penalty().gammas()).containsOnly(0.5);
    assertThat(penalty.with().learning().langevin())
        .isEqualTo(penalty.without().learning().langevin());
    assertThat(penalty.with().learning().langevin().steps()).isEqualTo(30);
    assertThat(penalty.with().networks()).isEqualTo(penalty.without().networks());
  }

  @Test
  void fullAddsThePaperWithItsBatchNormalisationAndChain() {
    List<ChainCase> paper =
        list(full.chains(), "chain").stream().filter(c -> c.preset().equals("paper")).toList();
    assertThat(paper)
        .extracting(c -> c.network().shape().toString())
        .containsExactly("3x4x4", "3x16x16", "3x64x64", "3x4x4", "3x16x16", "3x64x64");
    assertThat(paper).allMatch(c -> c.network().spec().batchNorm());
    assertThat(paper).allMatch(c -> c.settings().referenceDeviation() == 50);
    RunConfig whole =
        list(full.iterations(), "iteration").stream()
            .filter(c -> c.title().equals("paper64"))
            .findFirst()
            .orElseThrow()
            .config();
    assertThat(whole.update().optimizer()).isEqualTo(new Optimizer.Momentum(0.9));
    assertThat(whole.batch()).isEqualTo(2 * whole.cellSize());
  }

  @Test
  void fullScalesBatchSideAndGrids() {
    assertThat(list(full.chains(), "batch"))
        .extracting(ChainCase::batch)
        .containsExactly(4, 16, 64, 4, 16, 64);
    assertThat(list(full.chains(), "side"))
        .extracting(c -> c.network().shape().side())
        .containsExactly(8, 16, 32, 64);
    assertThat(list(full.iterations(), "grids"))
        .extracting(c -> c.config().networks().size())
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void onlyKeepsWhatIsNamed() {
    assertThat(full.only("paper/64/").names())
        .containsExactly("chain/paper/64/batch-16/threads-1", "chain/paper/64/batch-16/threads-2");
    assertThat(full.only("nothing").names()).isEmpty();
  }

  @Test
  void operationsOfAStepAreCountedForAllCells() {
    ChainCase two =
        list(full.chains(), "chain").stream()
            .filter(c -> c.threads() == 2)
            .findFirst()
            .orElseThrow();
    // 4x4: 9 x 64 and 9 x 64 x 64 a pixel, 16 x 64 in the head; 32 images; x 4.
    double multiplyAdds = 16 * (9 * 64 + 9 * 64 * 64) + 16 * 64;
    assertThat(two.gigaflop()).isEqualTo(4e-9 * 32 * multiplyAdds);
  }

  private static <T> List<T> list(Map<String, List<T>> lists, String name) {
    return lists.getOrDefault(name, List.of());
  }
}
