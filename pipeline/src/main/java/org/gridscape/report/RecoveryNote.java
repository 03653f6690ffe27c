package org.gridscape.report;

/**
 * What was done right before an iteration because a later one looked wrong: the run returned to the
 * checkpoint before this iteration and went on from there with a change.
 *
 * @param failedIteration the iteration that raised the alarm; not below the one that carries the
 *     note
 * @param alarm what looked wrong, in words
 * @param action the change, in words
 */
public record RecoveryNote(int failedIteration, String alarm, String action) {

  /** Rejects an iteration before the first, and an alarm or action without words. */
  public RecoveryNote {
    if (failedIteration < 1) {
      throw new IllegalArgumentException(
          "Invalid failed iteration: " + failedIteration + " (must be >= 1)");
    }
    requireWords("alarm", alarm);
    requireWords("action", action);
  }

  private static void requireWords(String thing, String words) {
    if (words.isBlank()) {
      throw new IllegalArgumentException(
          "Invalid %s: \"%s\" (must not be blank)".formatted(thing, words));
    }
  }
}
