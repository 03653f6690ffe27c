package org.gridscape.distribute;

import java.util.Optional;
import java.util.function.Supplier;
import org.gridscape.learning.Recovery;
import org.gridscape.learning.Sentinel;

/**
 * Where a run goes on after an alarm: at the newest scheduled checkpoint before it, and at one more
 * before that for each alarm that was raised since that one was written; at the oldest there is, if
 * there are not so many.
 *
 * <p>A run that is stopped on its way has the same bits, for two reasons: checkpoints written
 * because of a stop are never returned to, and the caller writes none before the course that starts
 * here has done an iteration. A process that is killed before that meets the same alarms again.
 *
 * @param checkpoints of the run
 * @param retention which of them are scheduled
 * @param sentinel that raised the alarm
 * @param initial the state before the first iteration
 */
public record Rollback(
    CheckpointStore checkpoints,
    Retention retention,
    Sentinel sentinel,
    Supplier<ModelState> initial) {

  /**
   * The state to go on from.
   *
   * @param before the state before the iteration that raised the alarm
   * @return empty if the sentinel has no more tries
   * @throws org.gridscape.storage.StoreException if checkpoints cannot be read
   */
  public Optional<ModelState> after(ModelState before) {
    Optional<Recovery> recovery = sentinel.recovery(before.recovery());
    if (recovery.isEmpty()) {
      return Optional.empty();
    }
    ModelState state = scheduledBefore(before.iteration() + 1).orElseGet(initial);
    int unanswered = before.recovery().alarms() - state.recovery().alarms();
    for (int back = 0; back < unanswered; back++) {
      state = scheduledBefore(state.iteration()).orElse(state);
    }
    return Optional.of(state.with(recovery.get()));
  }

  private Optional<ModelState> scheduledBefore(int iteration) {
    return checkpoints
        .latest(i -> i < iteration && retention.isScheduled(i))
        .map(Checkpoint::state);
  }
}
