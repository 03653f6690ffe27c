package org.gridscape.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * Seconds of an iteration beside its chains and gradients, linear in what is moved; derived. All
 * constants are at least 0.
 *
 * @param job an iteration
 * @param task a shard, on the driver
 * @param turn a shard, on its executor
 * @param stage a level of groups
 * @param broadcast a megabyte that the driver hands to Spark
 * @param fetch a megabyte that an executor fetches
 * @param give a megabyte that an executor's shards return
 * @param shuffle a megabyte that an executor hands to groups
 * @param collect a megabyte that reaches the driver
 * @param sum a megabyte that the driver adds up
 * @param update a megabyte of what a shard returns, in the driver's update
 */
record CostModel(
    double job,
    double task,
    double turn,
    double stage,
    double broadcast,
    double fetch,
    double give,
    double shuffle,
    double collect,
    double sum,
    double update) {
  /** Below this many seconds a deviation counts absolutely, above it relatively. */
  private static final double FLOOR = 0.01;

  /**
   * A measured iteration; the phases are seconds.
   *
   * @param load what it moved
   * @param broadcast handing parameters to Spark
   * @param sum by the driver
   * @param update by the driver
   * @param rest all else beside chains and gradients
   */
  record Sample(Load load, double broadcast, double sum, double update, double rest) {}

  /**
   * The constants that suit the samples best, phase by phase: least squares of relative deviations.
   * Constants that the samples do not determine are the smallest that suit.
   */
  static CostModel fit(List<Sample> samples) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("Invalid samples: none (must be at least one)");
    }
    double[] broadcast = fit(samples, Sample::broadcast, List.of(load -> 1, Load::down));
    double[] sum = fit(samples, Sample::sum, List.of(load -> 1, Load::arriving));
    double[] update = fit(samples, Sample::update, List.of(load -> 1, Load::up));
    double[] rest =
        fit(
            samples,
            Sample::rest,
            List.of(
                load -> 1,
                Load::shards,
                load -> (double) load.shards() / load.executors(),
                Load::levels,
                Load::down,
                Load::given,
                Load::shuffled,
                Load::arriving));
    return new CostModel(
        broadcast[0] + sum[0] + update[0] + rest[0],
        rest[1],
        rest[2],
        rest[3],
        broadcast[1],
        rest[4],
        rest[5],
        rest[6],
        rest[7],
        sum[1],
        update[1]);
  }

  /** Seconds on a network that costs nothing, as between processes of one machine. */
  double overhead(Load load) {
    return job
        + turn * load.shards() / load.executors()
        + stage * load.levels()
        + fetch * load.down()
        + give * load.given()
        + shuffle * load.shuffled()
        + driver(load);
  }

  /** The part of the overhead that the driver does by itself. */
  double driver(Load load) {
    return task * load.shards()
        + broadcast * load.down()
        + (collect + sum) * load.arriving()
        + update * load.up();
  }

  /**
   * Seconds that a network adds. Assumed: a broadcast doubles the executors that have it in the
   * time of one copy; all that reaches the driver comes through its one link; an executor that adds
   * up a group takes it in through its own.
   *
   * @param megabytesASecond of each link
   */
  static double network(Load load, double megabytesASecond) {
    double copies = Math.ceil(Math.log(load.executors() + 1) / Math.log(2));
    return (copies * load.down() + load.gathered() + load.arriving()) / megabytesASecond;
  }

  /** Least squares without negative constants: the most negative is left out until none is. */
  private static double[] fit(
      List<Sample> samples, ToDoubleFunction<Sample> phase, List<ToDoubleFunction<Load>> terms) {
    List<Integer> kept = new ArrayList<>(IntStream.range(0, terms.size()).boxed().toList());
    double[] constants = new double[terms.size()];
    while (!kept.isEmpty()) {
      RealMatrix rows = new Array2DRowRealMatrix(samples.size(), kept.size());
      ArrayRealVector seconds = new ArrayRealVector(samples.size());
      for (int i = 0; i < samples.size(); i++) {
        double measured = phase.applyAsDouble(samples.get(i));
        double weight = 1 / Math.max(FLOOR, measured);
        seconds.setEntry(i, weight * measured);
        for (int j = 0; j < kept.size(); j++) {
          double term = terms.get(kept.get(j)).applyAsDouble(samples.get(i).load());
          rows.setEntry(i, j, weight * term);
        }
      }
      double[] found = new SingularValueDecomposition(rows).getSolver().solve(seconds).toArray();
      int least =
          IntStream.range(0, found.length)
              .reduce((a, b) -> found[b] < found[a] ? b : a)
              .orElseThrow();
      if (found[least] >= 0) {
        for (int j = 0; j < found.length; j++) {
          constants[kept.get(j)] = found[j];
        }
        break;
      }
      kept.remove(least);
    }
    return constants;
  }
}
