package org.gridscape.distribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.gridscape.dataset.ShardImages;
import org.gridscape.langevin.DivergedChainException;
import org.gridscape.learning.Cell;
import org.gridscape.learning.CellGradient;
import org.gridscape.learning.CellLearner;
import org.gridscape.learning.GridStatistics;
import org.gridscape.noise.NoiseStream;

/** One shard's part of an iteration. Runs on executors. */
final class ShardTask implements Function<Integer, ShardOutcome> {
  private static final long serialVersionUID = 1;

  private final Broadcast<TrainingPlan> plan;
  private final Broadcast<IterationInput> input;

  ShardTask(Broadcast<TrainingPlan> plan, Broadcast<IterationInput> input) {
    this.plan = plan;
    this.input = input;
  }

  @Override
  public ShardOutcome call(Integer shard) throws Exception {
    List<Cell> cells = cells(plan.value(), input.value(), shard);
    try {
      return sum(learn(cells));
    } catch (DivergedChainException diverged) {
      return new ShardOutcome.Diverged(String.valueOf(diverged.getMessage()));
    }
  }

  static List<Cell> cells(TrainingPlan plan, IterationInput input, int shard) {
    return ShardCache.of(plan)
        .use(plan.shards().get(shard), images -> cells(plan, input, shard, images));
  }

  private static List<Cell> cells(
      TrainingPlan plan, IterationInput input, int shard, ShardImages images) {
    NoiseStream permutations =
        NoiseStream.of(plan.learning().seed(), NoiseStream.Purpose.PERMUTATION);
    ShardStream stream = new ShardStream(shard, images.count(), permutations);
    int[] rows =
        stream.rows(
            input.iteration(),
            plan.cellsPerShard() * plan.cellSize(),
            (epoch, from, to) ->
                images.ordered(
                    epoch % 2, List.of(stream, epoch), () -> stream.order(epoch), from, to));
    List<Cell> cells = new ArrayList<>();
    for (int c = 0; c < plan.cellsPerShard(); c++) {
      int number = shard * plan.cellsPerShard() + c;
      int[] taken = Arrays.copyOfRange(rows, c * plan.cellSize(), (c + 1) * plan.cellSize());
      cells.add(
          new Cell(
              input.iteration(),
              number,
              images.batch(taken, plan.learning().langevin().range()),
              images.ids(taken),
              input.states().isEmpty() ? List.of() : input.states().get(number)));
    }
    return cells;
  }

  /** Results stand in cell order, however many threads computed them. */
  private List<CellGradient> learn(List<Cell> cells) throws InterruptedException {
    int threads = Math.min(plan.value().taskThreads(), cells.size());
    if (threads == 1) {
      return cells.stream().map(this::learn).toList();
    }
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<CellGradient>> futures =
          cells.stream().map(cell -> executor.submit(() -> learn(cell))).toList();
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
    } finally {
      executor.shutdownNow();
    }
  }

  private CellGradient learn(Cell cell) {
    TrainingPlan settings = plan.value();
    return Engines.use(
        settings.engine(),
        settings.networks(),
        input.value().parameters().grids(),
        engines -> new CellLearner(settings.learning(), engines).learn(cell));
  }

  private ShardOutcome sum(List<CellGradient> cells) {
    List<float[]> gradients = new ArrayList<>();
    List<GridStatistics> statistics = new ArrayList<>();
    for (int grid = 0; grid < plan.value().networks().size(); grid++) {
      int at = grid;
      gradients.add(OrderedSum.of(cells.stream().map(cell -> cell.gradients().get(at)).toList()));
      statistics.add(
          cells.stream()
              .map(cell -> cell.statistics().get(at))
              .reduce(GridStatistics.EMPTY, GridStatistics::plus));
    }
    return new ShardOutcome.Gradients(
        plan.value().cellSize() * cells.size(),
        gradients,
        statistics,
        cells.stream().map(CellGradient::states).toList(),
        cells.stream().mapToLong(CellGradient::chainNanos).sum() * 1e-9,
        cells.stream().mapToLong(CellGradient::gradientNanos).sum() * 1e-9);
  }
}
