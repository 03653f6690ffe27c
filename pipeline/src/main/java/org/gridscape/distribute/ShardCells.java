package org.gridscape.distribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.gridscape.dataset.ShardImages;
import org.gridscape.generator.GeneratorStatistics;
import org.gridscape.image.ImageBatch;
import org.gridscape.learning.Cell;
import org.gridscape.learning.CellGradient;
import org.gridscape.learning.CellLearner;
import org.gridscape.learning.ChangeSums;
import org.gridscape.learning.GridStatistics;
import org.gridscape.learning.LearningSettings;
import org.gridscape.learning.Recovery;
import org.gridscape.noise.NoiseStream;

/**
 * The cells that one shard contributes to an iteration, learned. Runs on executors.
 *
 * @param cells in order
 * @param results what each of them gave
 * @param stepsAnImage Langevin steps of an image on all grids together
 */
record ShardCells(List<Cell> cells, List<CellGradient> results, int stepsAnImage) {

  /**
   * Takes the shard's next images through chains and gradients; results stand in cell order,
   * however many threads computed them.
   *
   * @param iteration from 1
   * @param hidden the hidden space's arrays; empty if chains start elsewhere
   * @param states per cell of this shard, then grid: states of persistent chains, or empty
   * @param previous parameters before the last update, to measure what it changed; or without
   *     arrays
   */
  static ShardCells learn(
      TrainingPlan plan,
      int shard,
      int iteration,
      Parameters parameters,
      float[] hidden,
      List<List<ImageBatch>> states,
      Parameters previous,
      Recovery recovery) {
    List<Cell> cells = cells(plan, shard, iteration, states);
    LearningSettings settings = recovery.applied(plan.learning());
    List<CellGradient> learned =
        learn(plan, cells, cell -> learn(plan, settings, parameters, hidden, cell));
    return new ShardCells(
        cells,
        measured(plan, previous, learned),
        plan.networks().size() * settings.langevinAt(iteration).steps());
  }

  private static List<CellGradient> learn(
      TrainingPlan plan, List<Cell> cells, Function<Cell, CellGradient> learn) {
    int threads = Math.min(plan.taskThreads(), cells.size());
    if (threads == 1) {
      return cells.stream().map(learn).toList();
    }
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<CellGradient>> futures =
          cells.stream().map(cell -> executor.submit(() -> learn.apply(cell))).toList();
      List<CellGradient> results = new ArrayList<>();
      for (Future<CellGradient> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("Cannot compute cell: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot compute cell: interrupted", e);
    } finally {
      executor.shutdownNow();
    }
  }

  static List<Cell> cells(
      TrainingPlan plan, int shard, int iteration, List<List<ImageBatch>> states) {
    return ShardCache.of(plan)
        .use(
            plan.shards().get(shard),
            images -> {
              int[] rows = rows(plan, shard, iteration, images);
              List<Cell> cells = new ArrayList<>();
              for (int cell = 0; cell < plan.cellsPerShard(); cell++) {
                int first = cell * plan.cellSize();
                int[] taken = Arrays.copyOfRange(rows, first, first + plan.cellSize());
                cells.add(
                    new Cell(
                        iteration,
                        shard * plan.cellsPerShard() + cell,
                        images.batch(taken, plan.learning().langevin().range()),
                        images.ids(taken),
                        states.isEmpty() ? List.of() : states.get(cell)));
              }
              return cells;
            });
  }

  /** The rows that an iteration takes; the orders of two epochs are kept beside the images. */
  private static int[] rows(TrainingPlan plan, int shard, int iteration, ShardImages images) {
    NoiseStream permutations =
        NoiseStream.of(plan.learning().seed(), NoiseStream.Purpose.PERMUTATION);
    ShardStream stream = new ShardStream(shard, images.count(), permutations);
    return stream.rows(
        iteration,
        plan.cellsPerShard() * plan.cellSize(),
        (epoch, from, to) ->
            images.ordered(epoch % 2, List.of(stream, epoch), () -> stream.order(epoch), from, to));
  }

  private static CellGradient learn(
      TrainingPlan plan,
      LearningSettings settings,
      Parameters parameters,
      float[] hidden,
      Cell cell) {
    return Engines.use(
        plan.engine(),
        plan.networks(),
        plan.generator(),
        parameters.arrays(),
        engines ->
            new CellLearner(
                    settings,
                    engines.grids(),
                    engines.generator(hidden, settings.langevin().range()))
                .learn(cell));
  }

  /**
   * The same with the change of f by the last update, if there are the parameters before it; they
   * are loaded once for all cells.
   */
  private static List<CellGradient> measured(
      TrainingPlan plan, Parameters previous, List<CellGradient> learned) {
    if (previous.arrays().isEmpty()) {
      return learned;
    }
    long[] last = {System.nanoTime()};
    return Engines.use(
        plan.engine(),
        plan.networks(),
        plan.generator(),
        previous.arrays(),
        engines -> {
          List<CellGradient> measured = new ArrayList<>();
          for (CellGradient cell : learned) {
            List<ChangeSums> changes = cell.ends().since(engines.grids());
            long now = System.nanoTime();
            measured.add(cell.with(changes, now - last[0]));
            last[0] = now;
          }
          return measured;
        });
  }

  /** Images of all cells. */
  int images() {
    return cells.stream().mapToInt(cell -> cell.observed().count()).sum();
  }

  /** Langevin steps, of one image on one grid each. */
  long chainSteps() {
    return (long) images() * stepsAnImage;
  }

  /** Per network, sum of the gradients over all images. */
  List<OrderedSum> gradients() {
    return IntStream.range(0, results.get(0).gradients().size())
        .mapToObj(
            network ->
                OrderedSum.of(results.stream().map(cell -> cell.gradients().get(network)).toList()))
        .toList();
  }

  GeneratorStatistics generatorStatistics() {
    return results.stream()
        .map(CellGradient::generator)
        .reduce(GeneratorStatistics.EMPTY, GeneratorStatistics::plus);
  }

  /** Per grid. */
  List<GridStatistics> statistics() {
    return GridStatistics.sums(results.stream().map(CellGradient::statistics).toList());
  }

  /** Per cell, then grid: final states of persistent chains; empty for other starts. */
  List<List<ImageBatch>> states() {
    List<List<ImageBatch>> states = results.stream().map(CellGradient::states).toList();
    return states.stream().allMatch(List::isEmpty) ? List.of() : states;
  }

  double chainSeconds() {
    return results.stream().mapToLong(CellGradient::chainNanos).sum() * 1e-9;
  }

  double gradientSeconds() {
    return results.stream().mapToLong(CellGradient::gradientNanos).sum() * 1e-9;
  }
}
