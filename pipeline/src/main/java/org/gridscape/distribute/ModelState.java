package org.gridscape.distribute;

import java.util.ArrayList;
import java.util.List;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.InitialParameters;
import org.gridscape.image.ImageBatch;
import org.gridscape.learning.MovingAverage;
import org.gridscape.learning.Optimizer;
import org.gridscape.learning.OptimizerState;
import org.gridscape.learning.Recovery;
import org.gridscape.noise.NoiseStream;

/**
 * Everything that learning hands from one iteration to the next. Lives on the driver.
 *
 * @param iteration iterations done
 * @param parameters raw parameters
 * @param average moving average of the parameters, from which samples are drawn
 * @param optimizer one state a grid
 * @param states per cell, then grid: persistent chains; empty at first and for other starts
 * @param recovery what the sentinel has changed
 */
public record ModelState(
    int iteration,
    Parameters parameters,
    Parameters average,
    List<OptimizerState> optimizer,
    List<List<ImageBatch>> states,
    Recovery recovery) {

  /** The state after an iteration. */
  ModelState next(List<GridUpdate> updates, MovingAverage rule, List<List<ImageBatch>> newStates) {
    List<float[]> averages =
        GridUpdate.eachGrid(
            updates.size(),
            grid -> {
              float[] moved = average.grids().get(grid).clone();
              rule.update(moved, updates.get(grid).parameters(), iteration + 1);
              return moved;
            });
    return new ModelState(
        iteration + 1,
        new Parameters(updates.stream().map(GridUpdate::parameters).toList()),
        new Parameters(averages),
        updates.stream().map(GridUpdate::optimizer).toList(),
        newStates,
        recovery);
  }

  /**
   * This initial state with the parameters of another run.
   *
   * @throws IllegalArgumentException if they are of other networks, naming the grid
   */
  public ModelState startingFrom(Parameters first) {
    List<Integer> wanted = parameters.grids().stream().map(grid -> grid.length).toList();
    List<Integer> given = first.grids().stream().map(grid -> grid.length).toList();
    if (!given.equals(wanted)) {
      throw new IllegalArgumentException(
          "Invalid initial parameters: %s on the grids (must be %s: the same networks)"
              .formatted(given, wanted));
    }
    return new ModelState(iteration, first, first, optimizer, states, recovery);
  }

  /** The same with other changes made by the sentinel. */
  public ModelState with(Recovery changed) {
    return new ModelState(iteration, parameters, average, optimizer, states, changed);
  }

  /** The state before the first iteration. */
  public static ModelState initial(
      List<GridNetwork> networks, InitialParameters initial, Optimizer optimizer, long seed) {
    NoiseStream weights = NoiseStream.of(seed, NoiseStream.Purpose.WEIGHTS);
    List<float[]> parameters = new ArrayList<>();
    List<OptimizerState> states = new ArrayList<>();
    for (int grid = 0; grid < networks.size(); grid++) {
      parameters.add(initial.draw(networks.get(grid), grid, weights));
      states.add(optimizer.start(networks.get(grid).parameterCount()));
    }
    Parameters drawn = new Parameters(parameters);
    return new ModelState(0, drawn, drawn, states, List.of(), Recovery.NONE);
  }
}
