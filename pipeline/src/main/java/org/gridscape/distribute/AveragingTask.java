package org.gridscape.distribute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridscape.energy.Network;
import org.gridscape.generator.GeneratorStatistics;
import org.gridscape.image.ImageBatch;
import org.gridscape.learning.GridStatistics;
import org.gridscape.learning.OptimizerState;

/**
 * Updates the model with the shard's images alone, some times over, and returns where it has got
 * to: the parameters of each network, then the optimiser's moments, network by network. Runs on
 * executors.
 */
final class AveragingTask implements ShardTask {
  private static final long serialVersionUID = 1;

  private final UpdateRule rule;

  AveragingTask(UpdateRule rule) {
    this.rule = rule;
  }

  @Override
  public ShardOutcome run(TrainingPlan plan, IterationInput input, int shard) {
    List<float[]> parameters = input.parameters().arrays();
    List<OptimizerState> optimizer = input.optimizer();
    List<List<ImageBatch>> states = input.states(plan, shard);
    List<List<GridStatistics>> statistics = new ArrayList<>();
    GeneratorStatistics generator = GeneratorStatistics.EMPTY;
    double[] norms = new double[parameters.size()];
    int images = 0;
    long chainSteps = 0;
    double chainSeconds = 0;
    double gradientSeconds = 0;
    for (int step = 1; step <= rule.localSteps(); step++) {
      int local = Math.addExact(Math.multiplyExact(input.iteration() - 1, rule.localSteps()), step);
      ShardCells cells =
          ShardCells.learn(
              plan,
              shard,
              local,
              new Parameters(parameters),
              input.hidden(),
              states,
              step == 1 ? input.previous() : Parameters.NONE,
              input.recovery());
      List<NetworkUpdate> updates = updates(plan, input, parameters, optimizer, cells);
      Optional<String> notFinite = NetworkUpdate.notFinite(plan.allNetworks(), updates);
      if (notFinite.isPresent()) {
        return new ShardOutcome.Diverged(
            shard, "%s in local step %d of shard %d".formatted(notFinite.get(), step, shard));
      }
      parameters = updates.stream().map(NetworkUpdate::parameters).toList();
      optimizer = updates.stream().map(NetworkUpdate::optimizer).toList();
      states = cells.states();
      statistics.add(cells.statistics());
      generator = generator.plus(cells.generatorStatistics());
      for (int network = 0; network < norms.length; network++) {
        norms[network] += updates.get(network).gradientNorm() / rule.localSteps();
      }
      images += cells.images();
      chainSteps += cells.chainSteps();
      chainSeconds += cells.chainSeconds();
      gradientSeconds += cells.gradientSeconds();
    }
    return new ShardOutcome.Part(
        shard,
        images,
        Stream.concat(
                parameters.stream(),
                optimizer.stream().flatMap(network -> network.moments().stream()))
            .toList(),
        GridStatistics.sums(statistics),
        generator,
        java.util.Arrays.stream(norms).boxed().toList(),
        states,
        chainSteps,
        chainSeconds,
        gradientSeconds,
        Worker.here(plan.engine()));
  }

  private List<NetworkUpdate> updates(
      TrainingPlan plan,
      IterationInput input,
      List<float[]> parameters,
      List<OptimizerState> optimizer,
      ShardCells cells) {
    double share = 1.0 / cells.images();
    double rate = rule.rate(input.iteration(), input.recovery());
    List<OrderedSum> gradients = cells.gradients();
    List<NetworkUpdate> updates = new ArrayList<>();
    List<Network> networks = plan.allNetworks();
    for (int i = 0; i < parameters.size(); i++) {
      updates.add(
          NetworkUpdate.of(
              rule,
              rate,
              networks.get(i),
              parameters.get(i),
              optimizer.get(i),
              gradients.get(i).scaled(share)));
    }
    return updates;
  }
}
