package org.gridscape.distribute;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.gridscape.generator.GeneratorStatistics;
import org.gridscape.learning.GridStatistics;

/**
 * Takes a model from one iteration to the next: one Spark job over the shards, then an update on
 * the driver, where the only state lives. By {@link UpdateRule#localSteps} it aggregates gradients
 * or averages parameters.
 */
public final class Learner implements AutoCloseable {
  private final TrainingPlan plan;
  private final UpdateRule rule;
  private final IterationJobs jobs;
  private final Aggregation aggregation;
  private final Determinism determinism;
  private final int dissipationEvery;
  private Parameters before = Parameters.NONE;
  private Parameters after = Parameters.NONE;

  /** A learner on a uniform cluster; broadcasts the plan. */
  public Learner(JavaSparkContext spark, TrainingPlan plan, UpdateRule rule) {
    this(spark, plan, rule, new Determinism(Determinism.Mode.STRICT, List.of()), 0);
  }

  /**
   * A learner for one run; broadcasts the plan.
   *
   * @param determinism told of every process that computes
   * @param dissipationEvery iterations between those that measure what the update before them
   *     dissipated, 0 for none; that update must be this learner's own
   */
  public Learner(
      JavaSparkContext spark,
      TrainingPlan plan,
      UpdateRule rule,
      Determinism determinism,
      int dissipationEvery) {
    this.plan = plan;
    this.rule = rule;
    jobs = new IterationJobs(spark, plan);
    aggregation = Aggregation.of(plan, rule);
    this.determinism = determinism;
    this.dissipationEvery = dissipationEvery;
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
   * @throws DivergedException if a chain, a gradient or an updated parameter is not finite
   * @throws UnlikeExecutorsException if the processes that computed it are not alike and must be
   */
  public Step next(ModelState state) {
    int iteration = state.iteration() + 1;
    StopWatch watch = new StopWatch();
    Broadcast<IterationInput> input =
        jobs.broadcast(aggregation.input(state).with(previous(state)));
    double broadcast = watch.lap();
    IterationJobs.Collected collected = jobs.run(iteration, input, aggregation);
    watch.lap();
    determinism.check(collected.workers());
    List<NetworkUpdate> updates = aggregation.updates(state, collected);
    NetworkUpdate.notFinite(plan.allNetworks(), updates)
        .ifPresent(
            what -> {
              throw new DivergedException(iteration, what);
            });
    ModelState updated = state.next(updates, rule.average(), collected.states());
    keep(state, updated);
    double update = watch.lap();
    return new Step(
        updated,
        new IterationReport(
            iteration,
            watch.total(),
            rule.rate(iteration, state.recovery()),
            phases(broadcast, collected, update),
            GridStatistics.sums(
                collected.parts().stream().map(ShardOutcome.Part::statistics).toList()),
            collected.parts().stream()
                .map(ShardOutcome.Part::generator)
                .reduce(GeneratorStatistics.EMPTY, GeneratorStatistics::plus),
            updates.stream().map(NetworkUpdate::gradientNorm).toList(),
            collected.workers().size(),
            collected.busiest()));
  }

  /** The parameters before the update that led to a state, if they are to be measured with. */
  private Parameters previous(ModelState state) {
    return measures(state.iteration() + 1) && state.parameters().equals(after)
        ? before
        : Parameters.NONE;
  }

  private void keep(ModelState state, ModelState updated) {
    boolean wanted = measures(updated.iteration() + 1);
    before = wanted ? state.parameters() : Parameters.NONE;
    after = wanted ? updated.parameters() : Parameters.NONE;
  }

  private boolean measures(int iteration) {
    return dissipationEvery > 0 && iteration % dissipationEvery == 0;
  }

  private IterationReport.Phases phases(
      double broadcast, IterationJobs.Collected collected, double update) {
    double cores = jobs.coresFilled();
    return new IterationReport.Phases(
        broadcast,
        collected.parts().stream().mapToDouble(ShardOutcome.Part::chainSeconds).sum() / cores,
        collected.parts().stream().mapToDouble(ShardOutcome.Part::gradientSeconds).sum() / cores,
        collected.sumSeconds(),
        update);
  }

  /** Releases what was broadcast. */
  @Override
  public void close() {
    jobs.close();
  }
}
