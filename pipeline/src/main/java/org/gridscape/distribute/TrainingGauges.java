package org.gridscape.distribute;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.gridscape.energy.GridNetwork;

/**
 * How training is going, as gauges of Spark's metrics. Lives on the driver, one run at a time.
 *
 * <p>Names: {@code iteration}, {@code secondsPerIteration}, {@code imagesPerSecond}, {@code
 * checkpointsWritten} and {@code energyGap.grid-SIDE}. All are 0 before the first iteration, and
 * those of a grid are absent.
 */
public final class TrainingGauges {
  private static final TrainingGauges PROCESS = new TrainingGauges();

  private MetricRegistry registry = new MetricRegistry();
  private int iteration;
  private double seconds;
  private double imagesPerSecond;
  private int checkpoints;
  private final Map<Integer, Double> energyGaps = new TreeMap<>();

  private TrainingGauges() {}

  /** Starts anew, in the registry of an application. */
  static void register(MetricRegistry registry) {
    PROCESS.start(registry);
  }

  /**
   * Takes in an iteration done.
   *
   * @param networks of the grids, in the order of the report's
   */
  public static void update(IterationReport report, List<GridNetwork> networks) {
    PROCESS.take(report, networks);
  }

  /** Counts a checkpoint. */
  public static void checkpointWritten() {
    PROCESS.countCheckpoint();
  }

  private synchronized void start(MetricRegistry fresh) {
    registry = fresh;
    iteration = 0;
    seconds = 0;
    imagesPerSecond = 0;
    checkpoints = 0;
    energyGaps.clear();
    add("iteration", () -> iteration);
    add("secondsPerIteration", () -> seconds);
    add("imagesPerSecond", () -> imagesPerSecond);
    add("checkpointsWritten", () -> checkpoints);
  }

  private synchronized void take(IterationReport report, List<GridNetwork> networks) {
    iteration = report.iteration();
    seconds = report.seconds();
    imagesPerSecond = report.statistics().get(0).images() / report.seconds();
    for (int grid = 0; grid < networks.size(); grid++) {
      int side = networks.get(grid).shape().side();
      if (energyGaps.put(side, report.statistics().get(grid).energyGap()) == null) {
        add("energyGap.grid-" + side, () -> energyGaps.getOrDefault(side, 0.0));
      }
    }
  }

  private synchronized void countCheckpoint() {
    checkpoints++;
  }

  private void add(String name, Supplier<Number> value) {
    registry.register(name, (Gauge<Number>) () -> read(value));
  }

  private synchronized Number read(Supplier<Number> value) {
    return value.get();
  }
}
