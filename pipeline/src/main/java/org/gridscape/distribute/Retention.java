package org.gridscape.distribute;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which checkpoints of a run are kept: the newest, the last scheduled ones, to which a run that
 * goes wrong returns, some for ever, and the best one.
 *
 * @param every iterations between scheduled checkpoints, at least 1
 * @param keep the last scheduled ones kept, at least 1
 * @param keepEvery checkpoints of iterations that it divides are kept for ever; 0 for none
 * @param keepBest whether the one with the smallest measure is kept
 */
public record Retention(int every, int keep, int keepEvery, boolean keepBest) {

  /** Rejects settings that keep nothing. */
  public Retention {
    require("checkpoint.every", every, 1);
    require("checkpoint.keep", keep, 1);
    require("checkpoint.keepEvery", keepEvery, 0);
  }

  /**
   * A checkpoint that is there.
   *
   * @param iteration iterations done
   * @param measure the smaller the better; NaN if it is not known
   */
  public record Candidate(int iteration, double measure) {}

  /** Whether a checkpoint of that iteration is written by plan, not because a run was stopped. */
  public boolean isScheduled(int iteration) {
    return iteration % every == 0;
  }

  /** The iterations whose checkpoints are kept. */
  public Set<Integer> kept(List<Candidate> candidates) {
    List<Integer> newestFirst =
        candidates.stream().map(Candidate::iteration).sorted(Comparator.reverseOrder()).toList();
    Set<Integer> kept = new TreeSet<>();
    newestFirst.stream().limit(1).forEach(kept::add);
    newestFirst.stream().filter(this::isScheduled).limit(keep).forEach(kept::add);
    newestFirst.stream()
        .filter(iteration -> keepEvery > 0 && iteration % keepEvery == 0)
        .forEach(kept::add);
    candidates.stream()
        .filter(candidate -> keepBest && !Double.isNaN(candidate.measure()))
        .min(
            Comparator.comparingDouble(Candidate::measure)
                .thenComparing(Candidate::iteration, Comparator.reverseOrder()))
        .ifPresent(best -> kept.add(best.iteration()));
    return kept;
  }

  private static void require(String key, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "Invalid %s: %d (must be >= %d)".formatted(key, value, least));
    }
  }
}
