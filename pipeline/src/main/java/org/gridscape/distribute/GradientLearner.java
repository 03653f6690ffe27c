package org.gridscape.distribute;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.gridscape.image.ImageBatch;
import org.gridscape.learning.GradientClip;
import org.gridscape.learning.GridStatistics;
import org.gridscape.learning.OptimizerState;

/**
 * Learns by gradient aggregation: every iteration is one Spark job whose tasks return sums of
 * gradients, and one update on the driver, where the only optimiser state lives.
 *
 * <p>Source: Gao et al. 2018, Algorithm 1, with the mini-batch spread over the shards.
 */
public final class GradientLearner implements AutoCloseable {
  /** A retried or speculative task of the last job may still read its broadcast. */
  private static final int BROADCASTS_KEPT = 2;

  private final JavaSparkContext spark;
  private final TrainingPlan plan;
  private final UpdateRule rule;
  private final Broadcast<TrainingPlan> planBroadcast;
  private final Deque<Broadcast<IterationInput>> inputs = new ArrayDeque<>();

  /** A learner for one run; broadcasts the plan. */
  public GradientLearner(JavaSparkContext spark, TrainingPlan plan, UpdateRule rule) {
    this.spark = spark;
    this.plan = plan;
    this.rule = rule;
    planBroadcast = spark.broadcast(plan);
  }

  /**
   * An iteration done.
   *
   * @param state after it
   * @param report how it went
   */
  public record Step(ModelState state, IterationReport report) {}

  /**
   * Does the next iteration.
   *
   * @param state not modified
   * @throws DivergedException if a chain, the sum of the gradients or an updated parameter is not
   *     finite
   */
  public Step next(ModelState state) {
    int iteration = state.iteration() + 1;
    StopWatch watch = new StopWatch();
    Broadcast<IterationInput> input =
        spark.broadcast(new IterationInput(iteration, state.parameters(), state.states()));
    inputs.addLast(input);
    while (inputs.size() > BROADCASTS_KEPT) {
      inputs.removeFirst().destroy();
    }
    double broadcast = watch.lap();
    List<ShardOutcome.Gradients> shards = run(iteration, input);
    watch.lap();
    List<float[]> mean = meanGradients(shards);
    List<Double> norms = finiteNorms(iteration, mean);
    double sum = watch.lap();
    ModelState updated = update(state, mean, shards);
    double update = watch.lap();
    double cores = coresFilled();
    double chain = shards.stream().mapToDouble(s -> s.chainSeconds()).sum() / cores;
    double gradient = shards.stream().mapToDouble(s -> s.gradientSeconds()).sum() / cores;
    IterationReport.Phases phases =
        new IterationReport.Phases(broadcast, chain, gradient, sum, update);
    return new Step(
        updated,
        new IterationReport(
            iteration,
            watch.total(),
            rule.rate().at(iteration, rule.iterations()),
            phases,
            statistics(shards),
            norms));
  }

  private double coresFilled() {
    int cells = Math.min(plan.taskThreads(), plan.cellsPerShard());
    return Math.max(1, Math.min(plan.shards().size() * cells, spark.defaultParallelism()));
  }

  /** Outcomes in shard order: collect keeps the order of partitions. */
  private List<ShardOutcome.Gradients> run(int iteration, Broadcast<IterationInput> input) {
    int shards = plan.shards().size();
    List<Integer> numbers = IntStream.range(0, shards).boxed().toList();
    spark.setJobDescription("iteration " + iteration + ": chains and gradients");
    List<ShardOutcome> outcomes =
        spark
            .parallelize(numbers, tasks(shards))
            .map(new ShardTask(planBroadcast, input))
            .collect();
    List<ShardOutcome.Gradients> gradients = new ArrayList<>();
    for (ShardOutcome outcome : outcomes) {
      if (outcome instanceof ShardOutcome.Diverged diverged) {
        throw new DivergedException(iteration, diverged.message());
      }
      gradients.add((ShardOutcome.Gradients) outcome);
    }
    return gradients;
  }

  /**
   * A task a shard, so that a lost one costs a shard. In local mode, where they are lost together,
   * a task a core: each hand-over to the scheduler costs some milliseconds while all cores are
   * busy.
   */
  private int tasks(int shards) {
    return spark.isLocal() ? Math.min(shards, spark.defaultParallelism()) : shards;
  }

  private List<float[]> meanGradients(List<ShardOutcome.Gradients> shards) {
    int images = shards.stream().mapToInt(ShardOutcome.Gradients::images).sum();
    return eachGrid(
        grid ->
            OrderedSum.scaled(
                shards.stream().map(shard -> shard.gradients().get(grid)).toList(), 1.0 / images));
  }

  private List<Double> finiteNorms(int iteration, List<float[]> gradients) {
    List<Double> norms = eachGrid(grid -> GradientClip.norm(gradients.get(grid)));
    for (int grid = 0; grid < norms.size(); grid++) {
      if (!Double.isFinite(norms.get(grid))) {
        throw new DivergedException(
            iteration,
            "gradient of parameters is not finite on grid "
                + plan.networks().get(grid).shape().side());
      }
    }
    return norms;
  }

  /** Grids share nothing here, so they are computed side by side; results in order of grids. */
  private <T> List<T> eachGrid(IntFunction<T> work) {
    return IntStream.range(0, plan.networks().size()).parallel().mapToObj(work).toList();
  }

  private ModelState update(
      ModelState state, List<float[]> mean, List<ShardOutcome.Gradients> shards) {
    int iteration = state.iteration() + 1;
    double rate = rule.rate().at(iteration, rule.iterations());
    List<GridState> grids =
        eachGrid(
            grid -> {
              rule.clip().apply(mean.get(grid), plan.networks().get(grid));
              float[] updated = state.parameters().grids().get(grid).clone();
              float[] average = state.average().grids().get(grid).clone();
              OptimizerState before = state.optimizer().get(grid).copy();
              OptimizerState after = rule.optimizer().update(updated, mean.get(grid), before, rate);
              rule.average().update(average, updated, iteration);
              return new GridState(updated, average, after);
            });
    requireFinite(iteration, grids);
    return new ModelState(
        iteration,
        new Parameters(grids.stream().map(GridState::parameters).toList()),
        new Parameters(grids.stream().map(GridState::average).toList()),
        grids.stream().map(GridState::optimizer).toList(),
        persistentStates(shards));
  }

  private record GridState(float[] parameters, float[] average, OptimizerState optimizer) {}

  /** Otherwise the next checkpoint would hold what no run can go on from. */
  private void requireFinite(int iteration, List<GridState> grids) {
    List<Double> norms = eachGrid(grid -> GradientClip.norm(grids.get(grid).parameters()));
    for (int grid = 0; grid < norms.size(); grid++) {
      if (!Double.isFinite(norms.get(grid))) {
        throw new DivergedException(
            iteration,
            "parameters are not finite on grid %d after the update"
                .formatted(plan.networks().get(grid).shape().side()));
      }
    }
  }

  private static List<List<ImageBatch>> persistentStates(List<ShardOutcome.Gradients> shards) {
    List<List<ImageBatch>> cells = new ArrayList<>();
    shards.forEach(shard -> cells.addAll(shard.states()));
    return cells.stream().allMatch(List::isEmpty) ? List.of() : cells;
  }

  private List<GridStatistics> statistics(List<ShardOutcome.Gradients> shards) {
    return IntStream.range(0, plan.networks().size())
        .mapToObj(
            grid ->
                shards.stream()
                    .map(shard -> shard.statistics().get(grid))
                    .reduce(GridStatistics.EMPTY, GridStatistics::plus))
        .toList();
  }

  /** Releases what was broadcast. */
  @Override
  public void close() {
    inputs.forEach(Broadcast::destroy);
    inputs.clear();
    planBroadcast.destroy();
  }
}
