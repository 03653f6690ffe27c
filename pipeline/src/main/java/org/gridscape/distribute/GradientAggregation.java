package org.gridscape.distribute;

import java.util.List;
import org.gridscape.energy.Network;

/**
 * Tasks return sums of gradients and the driver makes one update, so there is one optimiser state.
 *
 * <p>Source: Gao et al. 2018, Algorithm 1, with the mini-batch spread over the shards.
 */
record GradientAggregation(TrainingPlan plan, UpdateRule rule) implements Aggregation {

  @Override
  public IterationInput input(ModelState state) {
    return IterationInput.after(state);
  }

  @Override
  public long bytesAShard() {
    return plan.parameterCount() * Float.BYTES;
  }

  @Override
  public ShardTask task() {
    return new GradientTask();
  }

  @Override
  public List<NetworkUpdate> updates(ModelState state, IterationJobs.Collected collected) {
    List<Network> networks = plan.allNetworks();
    double share = 1.0 / collected.images();
    double rate = rule.rate(state.iteration() + 1, state.recovery());
    return NetworkUpdate.each(
        networks.size(),
        network ->
            NetworkUpdate.of(
                rule,
                rate,
                networks.get(network),
                state.parameters().arrays().get(network),
                state.optimizer().get(network),
                collected.sums().get(network).scaled(share)));
  }
}
