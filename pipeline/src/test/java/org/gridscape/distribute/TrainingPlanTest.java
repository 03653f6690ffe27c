package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.gridscape.dataset.Manifest;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.GridNetwork;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.langevin.ChainStart;
import org.gridscape.learning.GradientPenalty;
import org.gridscape.learning.LearningSettings;
import org.gridscape.learning.Optimizer;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {
  private static final LearningSettings LEARNING = TinyRun.learning(new ChainStart.Data(), 2);
  private static final List<Manifest.Shard> SHARDS =
      List.of(
          new Manifest.Shard("a.parquet", "train", 9, 1, "aa"),
          new Manifest.Shard("b.parquet", "train", 8, 1, "bb"));

  @Test
  void countsImagesAndParameters() {
    TrainingPlan plan = plan(TinyRun.networks(), 4, 2, 1);
    assertThat(plan.batch()).isEqualTo(16);
    // 8 3x3 kernels and biases, then a head over 8 channels of each pixel.
    assertThat(plan.parameterCount()).isEqualTo(80 + 8 * 16 + 1 + 80 + 8 * 64 + 1);
  }

  @Test
  void cutsABatchIntoWholeCells() {
    assertThat(TrainingPlan.cellsPerShard(64, 4, 16)).isEqualTo(1);
    assertThat(TrainingPlan.cellsPerShard(96, 2, 8)).isEqualTo(6);
  }

  @Test
  void rejectsABatchThatIsNotWholeCells() {
    String rule = " (must be shards x cells per shard x cell size)";
    assertThatThrownBy(() -> TrainingPlan.cellsPerShard(60, 4, 16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid training.batch: 60 with training.cellSize 16 and data.shards 4" + rule);
    assertThatThrownBy(() -> TrainingPlan.cellsPerShard(0, 4, 16))
        .hasMessage("Invalid training.batch: 0 with training.cellSize 16 and data.shards 4" + rule);
    assertThatThrownBy(() -> TrainingPlan.cellsPerShard(64, 4, 0))
        .hasMessage("Invalid training.batch: 64 with training.cellSize 0 and data.shards 4" + rule);
  }

  @Test
  void rejectsPartsThatDoNotFit() {
    assertThatThrownBy(() -> plan(TinyRun.networks().subList(0, 1), 4, 2, 1))
        .hasMessage("Invalid networks: 1 (must be one for each of the grids [4, 8])");
    assertThatThrownBy(() -> plan(TinyRun.networks(), 4, 2, 0))
        .hasMessage("Invalid task threads: 0 (must be >= 1)");
    assertThatThrownBy(() -> plan(TinyRun.networks(), 3, 3, 1))
        .hasMessage(
            "Invalid batch: 9 images a shard and iteration (must be at most the 8 of b.parquet)");
  }

  @Test
  void rejectsAPenaltyOfNetworksWithBatchNormalisation() {
    List<GridNetwork> networks = TinyRun.networks("3x3-8, dense 1", "relu", true);
    LearningSettings penalized =
        new LearningSettings(
            LEARNING.ladder(),
            LEARNING.langevin(),
            LEARNING.start(),
            LEARNING.dataNoise(),
            LEARNING.flip(),
            LEARNING.energyPenalty(),
            new GradientPenalty(List.of(0.0, 0.5), 0.5, 1),
            LEARNING.schedule(),
            LEARNING.iterations(),
            LEARNING.seed(),
            LEARNING.noiseBranch());
    assertThatThrownBy(() -> plan(networks, penalized))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Invalid training.penalty.gamma: [0.0, 0.5] with energy.batchNorm true (must be 0, or");
    assertThat(plan(networks, LEARNING).networks()).isEqualTo(networks);
    List<GridNetwork> plain = TinyRun.networks("3x3-8, dense 1", "relu", false);
    assertThat(plan(plain, penalized).learning()).isEqualTo(penalized);
  }

  @Test
  void rejectsOrdersOfNothing() {
    assertThatThrownBy(
            () ->
                new UpdateRule(
                    new Optimizer.Momentum(0),
                    TinyRun.RULE.rate(),
                    1,
                    TinyRun.RULE.clip(),
                    TinyRun.RULE.average(),
                    0,
                    0))
        .hasMessage("Invalid training.iterations: 0 (must be >= 1)");
    assertThatThrownBy(() -> TinyRun.rule(new Optimizer.Momentum(0), 1, -1))
        .hasMessage("Invalid training.localSteps: -1 (must be >= 0)");
    assertThatThrownBy(() -> new TrainingPlan.SumLimits(1, 1))
        .hasMessage("Invalid training.sum: driverBytes 1, fanIn 1 (must be >= 0 and >= 2)");
    assertThatThrownBy(
            () ->
                new SamplingPlan(
                    TinyRun.networks(),
                    GeneratorSpec.NONE,
                    new Parameters(List.of()),
                    ChosenEngine.kind(),
                    LEARNING.langevin(),
                    new SamplingPlan.SampleStart.Noise(),
                    4,
                    0,
                    1L))
        .hasMessage("Invalid sampling.count: 0 (must be >= 1)");
    ImageBatch colour = ImageBatch.zeros(new ImageShape(1, 1), 1);
    assertThatThrownBy(() -> new SamplingPlan.SampleStart.Colours(colour, -1f))
        .hasMessage("Invalid sampling.jitter: -1.0 (must be 0 to 255)");
  }

  private static TrainingPlan plan(List<GridNetwork> networks, LearningSettings learning) {
    return new TrainingPlan(
        "folder",
        SHARDS,
        networks,
        GeneratorSpec.NONE,
        learning,
        ChosenEngine.kind(),
        4,
        1,
        1,
        TinyRun.SUM,
        TinyRun.IMAGE_CACHE,
        TinyRun.PATIENCE);
  }

  private static TrainingPlan plan(
      List<GridNetwork> networks, int cellSize, int cellsPerShard, int threads) {
    return new TrainingPlan(
        "folder",
        SHARDS,
        networks,
        GeneratorSpec.NONE,
        LEARNING,
        ChosenEngine.kind(),
        cellSize,
        cellsPerShard,
        threads,
        TinyRun.SUM,
        TinyRun.IMAGE_CACHE,
        TinyRun.PATIENCE);
  }
}
