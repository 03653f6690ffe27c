package org.gridscape.distribute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.gridscape.energy.InitialParameters;
import org.gridscape.energy.Network;
import org.gridscape.generator.HiddenSpace;
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
 * @param hidden the space of the codes that chains start from; empty for other starts
 * @param optimizer one state a network
 * @param states per cell, then grid: persistent chains; empty at first and for other starts
 * @param recovery what the sentinel has changed
 */
public record ModelState(
    int iteration,
    Parameters parameters,
    Parameters average,
    Optional<HiddenSpace> hidden,
    List<OptimizerState> optimizer,
    List<List<ImageBatch>> states,
    Recovery recovery) {

  /** The state after an iteration. */
  ModelState next(
      List<NetworkUpdate> updates, MovingAverage rule, List<List<ImageBatch>> newStates) {
    List<float[]> averages =
        NetworkUpdate.each(
            updates.size(),
            network -> {
              float[] moved = average.arrays().get(network).clone();
              rule.update(moved, updates.get(network).parameters(), iteration + 1);
              return moved;
            });
    return new ModelState(
        iteration + 1,
        new Parameters(updates.stream().map(NetworkUpdate::parameters).toList()),
        new Parameters(averages),
        hidden,
        updates.stream().map(NetworkUpdate::optimizer).toList(),
        newStates,
        recovery);
  }

  /**
   * This initial state with the parameters of another run.
   *
   * @throws IllegalArgumentException if they are of other networks
   */
  public ModelState startingFrom(Parameters first) {
    List<Integer> wanted = parameters.arrays().stream().map(array -> array.length).toList();
    List<Integer> given = first.arrays().stream().map(array -> array.length).toList();
    if (!given.equals(wanted)) {
      throw new IllegalArgumentException(
          "Invalid initial parameters: %s in the networks (must be %s: the same networks)"
              .formatted(given, wanted));
    }
    return new ModelState(iteration, first, first, hidden, optimizer, states, recovery);
  }

  /** The same with other changes made by the sentinel. */
  public ModelState with(Recovery changed) {
    return new ModelState(iteration, parameters, average, hidden, optimizer, states, changed);
  }

  /** This initial state with a hidden space. */
  private ModelState with(HiddenSpace space) {
    return new ModelState(
        iteration, parameters, average, Optional.of(space), optimizer, states, recovery);
  }

  /**
   * The state before the first iteration of a plan; where chains start from codes, one Spark job
   * measures the hidden space.
   */
  public static ModelState initial(
      JavaSparkContext spark, TrainingPlan plan, InitialParameters initial, Optimizer optimizer) {
    ModelState drawn = initial(plan.allNetworks(), initial, optimizer, plan.learning().seed());
    return plan.generator().isHidden()
        ? drawn.with(ThumbnailMoments.hiddenSpace(spark, plan))
        : drawn;
  }

  /**
   * The state before the first iteration, without a hidden space.
   *
   * @param networks of the grids, coarse to fine, then of the generator
   */
  public static ModelState initial(
      List<? extends Network> networks, InitialParameters initial, Optimizer optimizer, long seed) {
    NoiseStream weights = NoiseStream.of(seed, NoiseStream.Purpose.WEIGHTS);
    List<float[]> parameters = new ArrayList<>();
    List<OptimizerState> states = new ArrayList<>();
    for (int i = 0; i < networks.size(); i++) {
      parameters.add(initial.draw(networks.get(i), i, weights));
      states.add(optimizer.start(networks.get(i).parameterCount()));
    }
    Parameters drawn = new Parameters(parameters);
    return new ModelState(0, drawn, drawn, Optional.empty(), states, List.of(), Recovery.NONE);
  }
}
