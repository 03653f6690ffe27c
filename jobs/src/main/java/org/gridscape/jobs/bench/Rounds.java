package org.gridscape.jobs.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How contenders take turns: every round times each once, so that what else the machine does meets
 * them all.
 *
 * @param count rounds, at least 1
 * @param seconds what a turn should take; steps are counted out for it beforehand
 * @param atMost largest number of steps of a turn, at least 1
 */
record Rounds(int count, double seconds, int atMost) {

  /** Rejects rounds that measure nothing. */
  Rounds {
    if (count < 1) {
      throw new IllegalArgumentException("Invalid rounds: " + count + " (must be >= 1)");
    }
    if (atMost < 1) {
      throw new IllegalArgumentException("Invalid steps of a turn: " + atMost + " (must be >= 1)");
    }
  }

  /**
   * What came out.
   *
   * @param secondsPerStep one number a round, by contender
   * @param failures why a contender is not among them
   */
  record Outcome(Map<String, List<Double>> secondsPerStep, Map<String, String> failures) {}

  /** Times the contenders against each other; who begins changes from round to round. */
  Outcome race(List<? extends Contender> contenders) {
    Map<Contender, Integer> steps = new LinkedHashMap<>();
    Map<String, List<Double>> times = new LinkedHashMap<>();
    Map<String, String> failures = new LinkedHashMap<>();
    for (Contender contender : contenders) {
      try {
        steps.put(contender, calibrate(contender));
        times.put(contender.name(), new ArrayList<>());
      } catch (ContenderException e) {
        failures.put(contender.name(), String.valueOf(e.getMessage()));
      }
    }
    List<Contender> order = new ArrayList<>(steps.keySet());
    for (int round = 0; round < count; round++) {
      for (Contender contender : List.copyOf(order)) {
        int turn = steps.getOrDefault(contender, 1);
        try {
          double each = contender.seconds(turn) / turn;
          times.computeIfAbsent(contender.name(), absent -> new ArrayList<>()).add(each);
        } catch (ContenderException e) {
          failures.put(contender.name(), String.valueOf(e.getMessage()));
          times.remove(contender.name());
          order.remove(contender);
        }
      }
      Collections.rotate(order, 1);
    }
    return new Outcome(times, failures);
  }

  /** Steps of a turn; on the way code is compiled and memory touched. */
  private int calibrate(Contender contender) {
    contender.seconds(1);
    int steps = 1;
    double passed = contender.seconds(steps);
    while (passed < seconds / 4 && steps < atMost) {
      steps = Math.min(atMost, Math.max(2 * steps, (int) (steps * seconds / 2 / passed)));
      passed = contender.seconds(steps);
    }
    return Math.max(1, Math.min(atMost, (int) Math.round(steps * seconds / passed)));
  }
}
