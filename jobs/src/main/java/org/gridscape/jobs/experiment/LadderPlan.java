package org.gridscape.jobs.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.gridscape.config.ConfigException;
import org.gridscape.config.RunConfig;

/**
 * What a ladder of methods is compared by.
 *
 * @param rungs methods, each adding to the one before; at equal compute
 * @param seeds of the runs of every rung
 * @param rates factors on the learning rate, at each of which runs may diverge; 1 are the runs
 *     themselves
 * @param divergenceIterations of the runs at other rates, at most those of a run
 * @param samplingSteps steps of the chains of sampling, at each of which the runs of the first seed
 *     are sampled
 */
public record LadderPlan(
    List<Rung> rungs,
    List<Long> seeds,
    List<Double> rates,
    int divergenceIterations,
    List<Integer> samplingSteps) {
  /** How much more steps a rung may take than another at what is called equal compute. */
  private static final double SLACK = 0.05;

  /** Rejects plans that compare nothing, and rungs that do not compute equally much. */
  public LadderPlan {
    rungs = List.copyOf(rungs);
    seeds = List.copyOf(seeds);
    rates = List.copyOf(rates);
    samplingSteps = List.copyOf(samplingSteps);
    requireSome("rungs", rungs);
    requireDistinct("--rung", rungs.stream().map(Rung::name).toList());
    requireSome("--seeds", seeds);
    requireDistinct("--seeds", seeds);
    requireDistinct("--rates", rates);
    for (double rate : rates) {
      if (!(rate > 0) || Double.isInfinite(rate)) {
        throw new ConfigException("Invalid --rates: %s (must be > 0 and finite)".formatted(rate));
      }
    }
    requireDistinct("--sampling-steps", samplingSteps);
    for (int steps : samplingSteps) {
      if (steps < 0 || steps > 0xffff) {
        throw new ConfigException(
            "Invalid --sampling-steps: %d (must be 0 to 65535)".formatted(steps));
      }
    }
    for (Rung rung : rungs) {
      if (divergenceIterations < 1 || divergenceIterations > rung.iterations()) {
        throw new ConfigException(
            "Invalid --divergence-iterations: %d (must be 1 to %d, the iterations of %s)"
                .formatted(divergenceIterations, rung.iterations(), rung.name()));
      }
    }
    rungs.stream().skip(1).forEach(new Equality(rungs.get(0))::require);
  }

  /** What must be alike for rungs to be compared. */
  private record Equality(Rung first) {
    void require(Rung rung) {
      RunConfig one = first.config();
      RunConfig other = rung.config();
      compute(
          rung,
          "pyramid.sides",
          one.learning().ladder().sides(),
          other.learning().ladder().sides());
      compute(rung, "training.batch", one.batch(), other.batch());
      if (Math.abs(rung.steps() - first.steps()) > SLACK * first.steps()) {
        throw new ConfigException(
            String.format(
                Locale.ROOT,
                "Invalid rungs: not equal compute: langevin steps of a run of %s are %d, of %s %d (must differ by at most %.0f %%)",
                rung.name(),
                rung.steps(),
                first.name(),
                first.steps(),
                100 * SLACK));
      }
      same(rung, "data", one.data(), other.data());
      same(rung, "training.engine", one.engine(), other.engine());
      same(
          rung,
          "evaluation.extractor",
          one.evaluation().extractor(),
          other.evaluation().extractor());
      same(
          rung,
          "evaluation.reference",
          one.evaluation().reference(),
          other.evaluation().reference());
      same(rung, "sampling.count", one.sampling().count(), other.sampling().count());
    }

    private void compute(Rung rung, String key, Object one, Object other) {
      same(rung, "not equal compute: " + key, one, other);
    }

    private void same(Rung rung, String thing, Object one, Object other) {
      if (!one.equals(other)) {
        throw new ConfigException(
            "Invalid rungs: %s of %s is %s, of %s %s (must be the same)"
                .formatted(thing, rung.name(), other, first.name(), one));
      }
    }
  }

  /** The run of a rung with a seed. */
  public RunConfig main(Rung rung, long seed) {
    return with(rung.config(), "training.seed = " + seed);
  }

  /** The first iterations of a run at another rate, which the first alarm ends. */
  public RunConfig atRate(Rung rung, long seed, double rate) {
    RunConfig main = main(rung, seed);
    double before = main.resolved().getDouble("training.learningRate.rate");
    return with(
        main, "training.learningRate.rate = %s, sentinel.tries = 0".formatted(before * rate));
  }

  /** A run whose chains of sampling have so many steps. */
  public RunConfig sampledBy(RunConfig run, int steps) {
    return with(run, "sampling.steps = " + steps);
  }

  /** Factors but 1. */
  public List<Double> otherRates() {
    return rates.stream().filter(rate -> rate != 1).toList();
  }

  /** Names of the runs of a ladder; {@code RUNG-SEED}, or {@code RUNG-SEED-xRATE}. */
  public static String runId(String ladder, Rung rung, long seed) {
    return "%s-%s-%d".formatted(ladder, rung.name(), seed);
  }

  /** The same at another rate. */
  public static String runId(String ladder, Rung rung, long seed, double rate) {
    return "%s-x%s".formatted(runId(ladder, rung, seed), plain(rate));
  }

  /** A factor without trailing zeros. */
  static String plain(double rate) {
    return BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
  }

  /** What is going to be done, in words. */
  public String describe(String ladder) {
    List<String> lines = new ArrayList<>();
    for (Rung rung : rungs) {
      lines.add(
          String.format(
              Locale.ROOT,
              "rung %s: %d iterations of batch %d on grids %s, %.1f langevin steps an image",
              rung.name(),
              rung.iterations(),
              rung.config().batch(),
              rung.config().learning().ladder().gridSides(),
              rung.stepsAnImage()));
    }
    for (long seed : seeds) {
      rungs.forEach(rung -> lines.add("train and measure " + runId(ladder, rung, seed)));
    }
    for (double rate : otherRates()) {
      for (long seed : seeds) {
        rungs.forEach(
            rung ->
                lines.add(
                    "train %s for %d iterations"
                        .formatted(runId(ladder, rung, seed, rate), divergenceIterations)));
      }
    }
    for (Rung rung : rungs) {
      lines.add(
          "sample %s in %s steps"
              .formatted(
                  runId(ladder, rung, seeds.get(0)),
                  samplingSteps.toString().replaceAll("[\\[\\]]", "")));
    }
    return String.join("\n", lines) + "\n";
  }

  private static RunConfig with(RunConfig config, String settings) {
    Config own = ConfigFactory.parseString(settings);
    return RunConfig.of(own.withFallback(config.resolved())).located();
  }

  private static void requireSome(String thing, List<?> values) {
    if (values.isEmpty()) {
      throw new ConfigException("Invalid %s: none (must be at least one)".formatted(thing));
    }
  }

  private static void requireDistinct(String option, List<?> values) {
    if (new HashSet<>(values).size() < values.size()) {
      throw new ConfigException("Invalid %s: %s (must differ)".formatted(option, values));
    }
  }
}
