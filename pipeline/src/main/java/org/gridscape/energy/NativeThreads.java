package org.gridscape.energy;

import java.util.List;
import java.util.Map;

/**
 * The rule that native libraries compute a cell in one thread: cells run side by side instead, and
 * sums inside a native operation then have one order.
 */
public final class NativeThreads {
  /** Environment variables that must be 1 in every process that computes a cell. */
  public static final List<String> VARIABLES =
      List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "SD_MAX_THREADS", "SD_MASTER_THREADS");

  private NativeThreads() {}

  /**
   * Checks an environment.
   *
   * @throws IllegalStateException if a variable of {@link #VARIABLES} is not 1
   */
  public static void requireOne(Map<String, String> environment) {
    for (String variable : VARIABLES) {
      String value = environment.get(variable);
      if (!"1".equals(value)) {
        throw new IllegalStateException(
            "Invalid environment: %s=%s (must be 1, so that results do not depend on the machine; jobs/bin/gridscape sets it, before spark-submit --master local[*] say: export %s)"
                .formatted(
                    variable, value == null ? "" : value, String.join("=1 ", VARIABLES) + "=1"));
      }
    }
  }
}
