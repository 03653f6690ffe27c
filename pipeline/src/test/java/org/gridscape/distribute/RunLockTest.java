package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.gridscape.storage.FaultyFileSystem;
import org.gridscape.storage.FaultyFileSystem.Operation;
import org.gridscape.storage.Patience;
import org.gridscape.storage.StoreException;
import org.gridscape.storage.StoreFolder;
import org.gridscape.storage.TestTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final long PATIENCE_SECONDS = 60;

  private final TestTime time = new TestTime();
  private final Patience patience = new Patience(LEASE, time);
  private final List<Process> children = new ArrayList<>();
  @TempDir private Path folder;

  @AfterEach
  void cleanUp() {
    FaultyFileSystem.heal();
    children.forEach(Process::destroyForcibly);
  }

  @Test
  void isThereWhileItIsHeld() throws IOException {
    Path run = folder.resolve("new/run");
    try (RunLock lock = RunLock.take("x", run.toString(), LEASE, patience)) {
      JsonNode json = new ObjectMapper().readTree(run.resolve("run.lock").toFile());
      assertThat(json.path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
      assertThat(json.path("host").asText()).isEqualTo(LockOwner.current(LEASE).host());
      assertThat(json.path("processStart").asText())
          .isEqualTo(ProcessHandle.current().info().startInstant().orElseThrow().toString());
      assertThat(Instant.parse(json.path("renewed").asText())).isBeforeOrEqualTo(Instant.now());
      assertThat(json.path("leaseSeconds").asDouble()).isEqualTo(60);
      assertThat(lock.isLost()).isFalse();
      lock.requireHeld();
    }
    assertThat(run.resolve("run.lock")).doesNotExist();
    assertThat(time.pauses()).isEmpty();
  }

  @Test
  void aSecondProcessIsTurnedAway() throws IOException {
    Process child = child();
    lockedBy(child.pid(), start(child));
    assertThatThrownBy(this::take)
        .isInstanceOf(RunLockedException.class)
        .hasMessage(
            "Run x is being worked on by process %d on host %s (since %s)",
            child.pid(), here().replaceFirst(" .*", ""), start(child));
    assertThat(time.pauses()).isEmpty();
  }

  @Test
  void soIsASecondRunOfTheSameProcess() {
    try (RunLock lock = take()) {
      assertThatThrownBy(this::take)
          .isInstanceOf(RunLockedException.class)
          .hasMessageStartingWith(
              "Run x is being worked on by process " + ProcessHandle.current().pid());
      lock.renew();
      assertThat(lock.isLost()).isFalse();
    }
  }

  @Test
  void theLockOfADeadProcessIsTakenOverAtOnce() throws Exception {
    Process child = child();
    Instant start = start(child);
    lockedBy(child.pid(), start);
    assertThat(child.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    try (LoggedWarnings warnings = new LoggedWarnings(RunLock.class);
        RunLock lock = take()) {
      assertThat(warnings.messages())
          .containsExactly(
              "Run x: taken over from process %d on host %s (since %s), which is dead"
                  .formatted(child.pid(), here().replaceFirst(" .*", ""), start));
      assertThat(time.waited()).as("to see whether another took it too").isLessThan(LEASE);
      lock.requireHeld();
    }
  }

  @Test
  void aNumberThatIsAnotherProcesssByNowIsADeadOnes() throws IOException {
    Process child = child();
    lockedBy(child.pid(), start(child).minusSeconds(3600));
    try (RunLock lock = take()) {
      lock.requireHeld();
    }
  }

  @Test
  void theLockOfAnotherHostIsTakenOverWhenItsLeaseIsOut() throws IOException {
    locked(far(NOON));
    try (LoggedWarnings warnings = new LoggedWarnings(RunLock.class);
        RunLock lock = take()) {
      assertThat(warnings.messages())
          .containsExactly(
              "Run x is locked by process 7 on host far (since 2026-01-01T12:00:00Z): waiting 60.0 s whether it is alive",
              "Run x: taken over from process 7 on host far (since 2026-01-01T12:00:00Z), which did not renew its lock");
      assertThat(time.waited()).isGreaterThanOrEqualTo(LEASE);
      lock.requireHeld();
    }
    assertThat(file()).doesNotExist();
  }

  @Test
  void theLockOfAnotherHostThatIsRenewedTurnsAway() throws IOException {
    locked(far(NOON));
    time.atEachPause(() -> renewed(far(NOON.plusSeconds(20))));
    assertThatThrownBy(this::take)
        .isInstanceOf(RunLockedException.class)
        .hasMessage(
            "Run x is being worked on by process 7 on host far (since 2026-01-01T12:00:00Z)");
    assertThat(time.waited()).isLessThan(LEASE);
  }

  @Test
  void theLockOfAnotherHostThatIsGivenBackIsTaken() throws IOException {
    locked(far(NOON));
    time.atEachPause(
        () -> {
          if (time.pauses().size() == 3) {
            store().delete(RunLock.FILE);
          }
        });
    try (RunLock lock = take()) {
      assertThat(time.waited()).isLessThan(LEASE);
      lock.requireHeld();
    }
  }

  /** As a full disk leaves it. */
  @Test
  void aTornLockHoldsForALease() throws IOException {
    Files.writeString(file(), "{ \"id\" ");
    try (LoggedWarnings warnings = new LoggedWarnings(RunLock.class);
        RunLock lock = take()) {
      assertThat(warnings.messages())
          .contains(
              "Run x is locked by a process that did not say its name: waiting 60.0 s whether it is alive");
      assertThat(time.waited()).isGreaterThanOrEqualTo(LEASE);
      lock.requireHeld();
    }
  }

  @Test
  void ofTwoThatTakeOverTheSameLockOneGivesWay() throws IOException {
    locked(far(NOON));
    LockOwner rival = owner("rival", "near", NOON);
    time.atEachPause(
        () -> {
          if (time.waited().compareTo(LEASE) > 0) {
            renewed(rival);
          }
        });
    assertThatThrownBy(this::take)
        .isInstanceOf(RunLockedException.class)
        .hasMessageStartingWith("Run x is being worked on by process 7 on host near");
    assertThat(named().is(rival)).isTrue();
  }

  /** The store's answer was lost, and the lock asked for once more. */
  @Test
  void aLockThatIsItsOwnIsNotInItsWay() throws IOException {
    LockOwner owner = LockOwner.current(LEASE);
    locked(owner);
    try (RunLock lock = RunLock.take("x", store(), owner, patience)) {
      lock.requireHeld();
      assertThat(time.pauses()).isEmpty();
    }
    assertThat(file()).doesNotExist();
  }

  @Test
  void renewsItself() throws Exception {
    Patience real = new Patience(LEASE);
    try (RunLock lock = RunLock.take("x", folder.toString(), Duration.ofMillis(300), real)) {
      Instant taken = Instant.now();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!LockOwner.fromJson(Files.readAllBytes(file()))
          .filter(owner -> owner.renewed().isAfter(taken))
          .isPresent()) {
        assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(lock.isLost()).isFalse();
    }
  }

  @Test
  void learnsThatAnotherTookIt() throws IOException {
    LockOwner other = far(NOON);
    try (RunLock lock = take()) {
      locked(other);
      assertThat(lock.isLost()).isFalse();
      lock.renew();
      assertThat(lock.isLost()).isTrue();
      assertThatThrownBy(lock::requireHeld)
          .isInstanceOf(RunLockedException.class)
          .hasMessage("Run x was taken over by process 7 on host far (since 2026-01-01T12:00:00Z)");
      lock.renew();
    }
    assertThat(named()).as("left to its owner").isEqualTo(other);
  }

  @Test
  void learnsThatItWasRemoved() throws IOException {
    try (RunLock lock = take()) {
      Files.delete(file());
      lock.renew();
      assertThatThrownBy(lock::requireHeld)
          .isInstanceOf(RunLockedException.class)
          .hasMessage("Run x is free for others: %s was removed", file());
    }
    assertThat(file()).doesNotExist();
  }

  @Test
  void aStoreThatIsAwayForAWhileLosesNothing() throws IOException {
    StoreFolder faulty = StoreFolder.at("faulty:" + folder, patience);
    LockOwner owner = LockOwner.current(LEASE);
    try (LoggedWarnings warnings = new LoggedWarnings(RunLock.class);
        RunLock lock = RunLock.take("x", faulty, owner, patience)) {
      FaultyFileSystem.fail(Operation.OPEN, RunLock.FILE, "Connection refused", 1);
      FaultyFileSystem.fail(Operation.WRITE, RunLock.FILE, "No space left on device", 1);
      lock.renew();
      lock.renew();
      assertThat(warnings.messages())
          .containsExactly(
              "Cannot renew the lock of run x: Cannot read %s: Connection refused"
                  .formatted(faulty.file(RunLock.FILE)),
              "Cannot renew the lock of run x: Cannot write %s: No space left on device"
                  .formatted(faulty.file(RunLock.FILE)));
      assertThat(LockOwner.fromJson(Files.readAllBytes(file()))).as("torn").isEmpty();
      lock.renew();
      assertThat(lock.isLost()).isFalse();
      assertThat(named().is(owner)).isTrue();
    }
    assertThat(file()).doesNotExist();
  }

  @Test
  void aLockThatCannotBeWrittenIsAnErrorAndLeavesNothing() {
    StoreFolder faulty = StoreFolder.at("faulty:" + folder, patience);
    FaultyFileSystem.fail(Operation.WRITE, RunLock.FILE, "No space left on device", 1000);
    assertThatThrownBy(() -> RunLock.take("x", faulty, LockOwner.current(LEASE), patience))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "Cannot write %s: No space left on device (tried 13 times in 60.0 s)",
            faulty.file(RunLock.FILE));
    assertThat(file()).doesNotExist();
  }

  private RunLock take() {
    return RunLock.take("x", folder.toString(), LEASE, patience);
  }

  private Path file() {
    return folder.resolve(RunLock.FILE);
  }

  private StoreFolder store() {
    return StoreFolder.at(folder.toString(), patience);
  }

  private LockOwner named() throws IOException {
    return LockOwner.fromJson(Files.readAllBytes(file())).orElseThrow();
  }

  private Process child() throws IOException {
    Process child = new ProcessBuilder("sleep", "600").start();
    children.add(child);
    return child;
  }

  private static Instant start(Process child) {
    return child.info().startInstant().orElseThrow();
  }

  private static String here() {
    return LockOwner.current(LEASE).host();
  }

  private static LockOwner far(Instant renewed) {
    return owner("other", "far", renewed);
  }

  private static LockOwner owner(String id, String host, Instant renewed) {
    return new LockOwner(id, host, 7, NOON, renewed, LEASE);
  }

  private void lockedBy(long pid, Instant start) throws IOException {
    locked(new LockOwner("other", here(), pid, start, NOON, LEASE));
  }

  private void locked(LockOwner owner) throws IOException {
    Files.write(file(), owner.toJson());
  }

  private void renewed(LockOwner owner) {
    store().write(RunLock.FILE, owner.toJson());
  }
}
