package org.gridscape.jobs.bench;

import org.gridscape.config.RunConfig;
import org.gridscape.energy.EngineKind;

/**
 * Whole iterations of training: PyTorch takes the batch as one tensor, we take it as cells on
 * Spark.
 *
 * @param title what is trained
 * @param config of the run, its data set in a folder of its own
 * @param threads of Spark, and of PyTorch
 */
record IterationCase(String title, RunConfig config, int threads) {

  /** What {@code --only} and {@code --dry-run} call it. */
  String name(String list) {
    return "%s/%s/threads-%d".formatted(list, title, threads);
  }

  /** The configuration with another engine. */
  RunConfig with(EngineKind kind) {
    return new RunConfig(
        config.resolved(),
        config.data(),
        config.networks(),
        config.generator(),
        config.pretraining(),
        config.initial(),
        config.learning(),
        config.update(),
        kind,
        config.batch(),
        config.cellSize(),
        config.sum(),
        config.sentinel(),
        config.checkpoint(),
        config.cluster(),
        config.sampling(),
        config.evaluation(),
        config.dissipationEvery());
  }
}
