package org.gridscape.learning;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Watches the diagnostics of every grid for energies that run away, and says what to change before
 * the run goes on from an earlier state.
 *
 * <p>A pure function of the diagnostics and of the {@link Recovery} so far: a run that is killed
 * and continued sees the same alarms. Derived; the signals are those by which authors of EBMs watch
 * their runs (Nijkamp et al. 2020: energy gap and gradient strength).
 *
 * @param limits beyond which a signal is an alarm
 * @param remedy what to change
 * @param tries alarms of a run that are answered; the next one ends it
 */
public record Sentinel(Limits limits, Remedy remedy, int tries) {

  /** Rejects a negative number of tries. */
  public Sentinel {
    if (tries < 0) {
      throw new IllegalArgumentException("Invalid sentinel.tries: " + tries + " (must be >= 0)");
    }
  }

  /**
   * Largest values that are no alarm; infinity switches a signal off. What is not a number is
   * always one.
   *
   * @param energyGap absolute difference of mean f of observed and synthesized images
   * @param gradientStrength mean over images of ||df/dx||
   * @param clippedShare share of pixels clipped in the last step, 0 to 1
   * @param gradientNorm Euclidean norm of the mean gradient of the parameters of a grid
   * @param generatorNorm the same of a network of the generator
   */
  public record Limits(
      double energyGap,
      double gradientStrength,
      double clippedShare,
      double gradientNorm,
      double generatorNorm) {
    /** Rejects limits that nothing meets. */
    public Limits {
      requirePositive("energyGap", energyGap);
      requirePositive("gradientStrength", gradientStrength);
      requirePositive("clippedShare", clippedShare);
      requirePositive("gradientNorm", gradientNorm);
      requirePositive("generatorNorm", generatorNorm);
    }

    private static void requirePositive(String signal, double limit) {
      if (!(limit > 0)) {
        throw new IllegalArgumentException(
            "Invalid sentinel.%s: %s (must be > 0)".formatted(signal, limit));
      }
    }
  }

  /** What is changed before a run goes on from an earlier state. */
  public sealed interface Remedy {

    /** What has been changed in all after one more alarm. */
    Recovery after(Recovery before);

    /** Other noise in the chains, for an explosion that was bad luck. */
    record NoiseBranch() implements Remedy {
      @Override
      public Recovery after(Recovery before) {
        return new Recovery(
            before.alarms() + 1,
            before.noiseBranch() + 1,
            before.rateFactor(),
            before.extraSteps());
      }
    }

    /**
     * A lower learning rate from there on.
     *
     * @param factor in (0, 1)
     */
    record LowerRate(double factor) implements Remedy {
      /** Rejects factors that do not lower. */
      public LowerRate {
        if (!(factor > 0 && factor < 1)) {
          throw new IllegalArgumentException(
              "Invalid sentinel.rateFactor: " + factor + " (must be in (0, 1))");
        }
      }

      @Override
      public Recovery after(Recovery before) {
        return new Recovery(
            before.alarms() + 1,
            before.noiseBranch(),
            before.rateFactor() * factor,
            before.extraSteps());
      }
    }

    /**
     * Longer chains from there on.
     *
     * @param steps more on each grid, at least 1
     */
    record MoreSteps(int steps) implements Remedy {
      /** Rejects steps that do not lengthen. */
      public MoreSteps {
        if (steps < 1) {
          throw new IllegalArgumentException(
              "Invalid sentinel.extraSteps: " + steps + " (must be >= 1)");
        }
      }

      @Override
      public Recovery after(Recovery before) {
        return new Recovery(
            before.alarms() + 1,
            before.noiseBranch(),
            before.rateFactor(),
            before.extraSteps() + steps);
      }
    }
  }

  /**
   * The first signal beyond its limit, coarse to fine, in words.
   *
   * @param sides of the grids
   * @param statistics per grid
   * @param gradientNorms per network, the grids' first, then the generator's
   */
  public Optional<String> alarm(
      List<Integer> sides, List<GridStatistics> statistics, List<Double> gradientNorms) {
    for (int grid = 0; grid < sides.size(); grid++) {
      GridStatistics seen = statistics.get(grid);
      Optional<String> alarm =
          beyond("energy gap", Math.abs(seen.energyGap()), limits.energyGap())
              .or(
                  () ->
                      beyond(
                          "gradient strength",
                          seen.meanGradientStrength(),
                          limits.gradientStrength()))
              .or(
                  () ->
                      beyond(
                          "share of clipped pixels", seen.clippedShare(), limits.clippedShare()));
      double norm = gradientNorms.get(grid);
      alarm = alarm.or(() -> beyond("gradient norm", norm, limits.gradientNorm()));
      if (alarm.isPresent()) {
        return Optional.of("%s on grid %d".formatted(alarm.get(), sides.get(grid)));
      }
    }
    for (int i = sides.size(); i < gradientNorms.size(); i++) {
      Optional<String> alarm =
          beyond("gradient norm", gradientNorms.get(i), limits.generatorNorm());
      if (alarm.isPresent()) {
        return Optional.of(
            "%s in network %d of the generator".formatted(alarm.get(), i - sides.size() + 1));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> beyond(String signal, double value, double limit) {
    if (value <= limit) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(Locale.ROOT, "%s %.4g (must be <= %.4g)", signal, value, limit));
  }

  /** What the run goes on with, or nothing if it has been given all its tries. */
  public Optional<Recovery> recovery(Recovery before) {
    return before.alarms() < tries ? Optional.of(remedy.after(before)) : Optional.empty();
  }
}
