package org.gridscape.distribute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridscape.image.ImageBatch;
import org.gridscape.learning.GridStatistics;
import org.gridscape.learning.OptimizerState;

/**
 * Updates the model with the shard's images alone, some times over, and returns where it has got
 * to: the parameters of each grid, then the optimiser's moments, grid by grid. Runs on executors.
 */
final class AveragingTask implements ShardTask {
  private static final long serialVersionUID = 1;

  private final UpdateRule rule;

  AveragingTask(UpdateRule rule) {
    this.rule = rule;
  }

  @Override
  public ShardOutcome run(TrainingPlan plan, IterationInput input, int shard) {
    List<float[]> parameters = input.parameters().grids();
    List<OptimizerState> optimizer = input.optimizer();
    List<List<ImageBatch>> states = input.states(plan, shard);
    List<List<GridStatistics>> statistics = new ArrayList<>();
    double[] norms = new double[parameters.size()];
    int images = 0;
    double chainSeconds = 0;
    double gradientSeconds = 0;
    for (int step = 1; step <= rule.localSteps(); step++) {
      int local = Math.addExact(Math.multiplyExact(input.iteration() - 1, rule.localSteps()), step);
      ShardCells cells =
          ShardCells.learn(
              plan, shard, local, new Parameters(parameters), states, input.recovery());
      List<GridUpdate> updates = updates(plan, input, parameters, optimizer, cells);
      Optional<String> notFinite = GridUpdate.notFinite(plan.networks(), updates);
      if (notFinite.isPresent()) {
        return new ShardOutcome.Diverged(
            shard, "%s in local step %d of shard %d".formatted(notFinite.get(), step, shard));
      }
      parameters = updates.stream().map(GridUpdate::parameters).toList();
      optimizer = updates.stream().map(GridUpdate::optimizer).toList();
      states = cells.states();
      statistics.add(cells.statistics());
      for (int grid = 0; grid < norms.length; grid++) {
        norms[grid] += updates.get(grid).gradientNorm() / rule.localSteps();
      }
      images += cells.images();
      chainSeconds += cells.chainSeconds();
      gradientSeconds += cells.gradientSeconds();
    }
    return new ShardOutcome.Part(
        shard,
        images,
        Stream.concat(
                parameters.stream(), optimizer.stream().flatMap(grid -> grid.moments().stream()))
            .toList(),
        GridStatistics.sums(statistics),
        java.util.Arrays.stream(norms).boxed().toList(),
        states,
        chainSeconds,
        gradientSeconds,
        Worker.here(plan.engine()));
  }

  private List<GridUpdate> updates(
      TrainingPlan plan,
      IterationInput input,
      List<float[]> parameters,
      List<OptimizerState> optimizer,
      ShardCells cells) {
    double share = 1.0 / cells.images();
    double rate = rule.rate(input.iteration(), input.recovery());
    List<OrderedSum> gradients = cells.gradients();
    List<GridUpdate> updates = new ArrayList<>();
    for (int grid = 0; grid < parameters.size(); grid++) {
      updates.add(
          GridUpdate.of(
              rule,
              rate,
              plan.networks().get(grid),
              parameters.get(grid),
              optimizer.get(grid),
              gradients.get(grid).scaled(share)));
    }
    return updates;
  }
}
