package org.gridscape.distribute;

import java.util.List;
import org.gridscape.learning.OptimizerState;

/**
 * Each shard makes {@link UpdateRule#localSteps} updates by itself; the driver averages parameters
 * and optimiser moments over the shards, which all take equally many images. One local step of
 * plain gradient ascent is {@link GradientAggregation} up to rounding.
 *
 * <p>Local step j of iteration t takes the images and the noise of iteration (t - 1) x local steps
 * + j. Derived; moments are averaged as dl4j-spark's parameter averaging can.
 */
record ParameterAveraging(TrainingPlan plan, UpdateRule rule) implements Aggregation {

  @Override
  public IterationInput input(ModelState state) {
    return IterationInput.after(state).with(state.optimizer());
  }

  @Override
  public long bytesAShard() {
    return plan.parameterCount() * Float.BYTES * (1 + rule.optimizer().moments());
  }

  @Override
  public ShardTask task() {
    return new AveragingTask(rule);
  }

  @Override
  public List<NetworkUpdate> updates(ModelState state, IterationJobs.Collected collected) {
    int networks = plan.allNetworks().size();
    int moments = rule.optimizer().moments();
    double share = 1.0 / plan.shards().size();
    List<float[]> means =
        NetworkUpdate.each(
            networks + networks * moments, array -> collected.sums().get(array).scaled(share));
    return NetworkUpdate.each(
        networks,
        network -> {
          int first = networks + network * moments;
          int updates = state.optimizer().get(network).updates() + rule.localSteps();
          return new NetworkUpdate(
              means.get(network),
              new OptimizerState(updates, means.subList(first, first + moments)),
              collected.meanGradientNorm(network));
        });
  }
}
