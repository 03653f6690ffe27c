package org.gridscape.distribute;

import java.io.Serializable;
import java.util.List;
import org.gridscape.generator.HiddenSpace;
import org.gridscape.image.ImageBatch;
import org.gridscape.learning.OptimizerState;
import org.gridscape.learning.Recovery;

/**
 * What tasks need to know of one iteration; broadcast.
 *
 * @param iteration from 1
 * @param parameters before the update
 * @param hidden the hidden space's arrays; empty if chains start elsewhere
 * @param optimizer one state a network, where shards update by themselves; else empty
 * @param states per cell, then grid: states of persistent chains; empty at first and for other
 *     starts
 * @param previous parameters before the last update, where its dissipation is to be measured; else
 *     without arrays
 * @param recovery what the sentinel has changed
 */
record IterationInput(
    int iteration,
    Parameters parameters,
    float[] hidden,
    List<OptimizerState> optimizer,
    List<List<ImageBatch>> states,
    Parameters previous,
    Recovery recovery)
    implements Serializable {

  /** Keeps the arrays in the form in which they travel fast. */
  IterationInput {
    optimizer =
        optimizer.stream()
            .map(state -> new OptimizerState(state.updates(), FloatArrays.of(state.moments())))
            .toList();
  }

  /** The next iteration after a state, without the optimiser's. */
  static IterationInput after(ModelState state) {
    return new IterationInput(
        state.iteration() + 1,
        state.parameters(),
        state.hidden().map(HiddenSpace::flat).orElseGet(() -> new float[0]),
        List.of(),
        state.states(),
        Parameters.NONE,
        state.recovery());
  }

  /** The same with the optimiser's state. */
  IterationInput with(List<OptimizerState> optimizer) {
    return new IterationInput(iteration, parameters, hidden, optimizer, states, previous, recovery);
  }

  /** The same with the parameters before the last update. */
  IterationInput with(Parameters before) {
    return new IterationInput(iteration, parameters, hidden, optimizer, states, before, recovery);
  }

  /** The states of a shard's cells, or empty. */
  List<List<ImageBatch>> states(TrainingPlan plan, int shard) {
    int cells = plan.cellsPerShard();
    return states.isEmpty() ? List.of() : states.subList(shard * cells, (shard + 1) * cells);
  }
}
