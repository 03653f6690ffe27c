package org.gridscape.distribute;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.gridscape.storage.Patience;
import org.gridscape.storage.StoreException;
import org.gridscape.storage.StoreFolder;
import org.gridscape.storage.Waiting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of one process to work on a run: the file {@code run.lock} in the run's folder, which
 * names the process and is renewed every third of its lease. Lives on the driver.
 *
 * <p>The lock of a process of this host that is dead is taken over at once; that of another host
 * when it was not renewed for a whole lease by this machine's clock, since those of machines
 * differ. A process that was halted so long that another took its lock learns of it at the next
 * renewal. Until then both may write, and a checkpoint that both wrote does not verify.
 */
public final class RunLock implements AutoCloseable {
  static final String FILE = "run.lock";
  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);
  private static final int RENEWALS_PER_LEASE = 3;
  private static final int LOOKS_PER_LEASE = 30;
  private static final int CLOSE_SECONDS = 5;

  private final String runId;
  private final StoreFolder folder;
  private final LockOwner owner;
  private final Waiting waiting;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread renewals = new Thread(this::renewUntilClosed, "run-lock");
  private volatile Optional<String> loss = Optional.empty();

  private RunLock(String runId, StoreFolder folder, LockOwner owner, Waiting waiting) {
    this.runId = runId;
    this.folder = folder;
    this.owner = owner;
    this.waiting = waiting;
  }

  /**
   * Takes the lock of a run, after waiting for the lease of one that is there.
   *
   * @param folder the run's, any Hadoop path
   * @param lease how long the lock holds without being renewed
   * @param patience with the store; its time also passes while waiting for a lease
   * @throws RunLockedException if another process works on the run
   * @throws StoreException if the lock cannot be written
   */
  public static RunLock take(String runId, String folder, Duration lease, Patience patience) {
    return take(runId, StoreFolder.at(folder, patience), LockOwner.current(lease), patience);
  }

  static RunLock take(String runId, StoreFolder folder, LockOwner owner, Patience patience) {
    RunLock lock = new RunLock(runId, folder, owner, patience.waiting());
    boolean contested = false;
    while (!folder.create(FILE, owner.renew().toJson())) {
      Optional<byte[]> found = folder.read(FILE);
      if (found.flatMap(LockOwner::fromJson).filter(owner::is).isPresent()) {
        // The store did what it was asked, and its answer was lost.
        break;
      }
      found.ifPresent(lock::outlast);
      contested = true;
    }
    if (contested) {
      lock.requireAlone();
    }
    lock.renewals.setDaemon(true);
    lock.renewals.start();
    return lock;
  }

  /** Returns when the lock that was found is no more. */
  private void outlast(byte[] found) {
    Optional<LockOwner> other = LockOwner.fromJson(found);
    if (other.filter(owner::isOnHostOf).isPresent()) {
      if (other.get().isAlive()) {
        throw workedOnBy(other.get());
      }
      LOG.warn("Run {}: taken over from {}, which is dead", runId, other.get());
    } else {
      String whose = other.map(LockOwner::toString).orElse("a process that did not say its name");
      Duration lease = other.map(LockOwner::lease).orElse(owner.lease());
      LOG.warn(
          "Run {} is locked by {}: waiting {} s whether it is alive",
          runId,
          whose,
          lease.toMillis() / 1000.0);
      if (!runsOut(found, lease)) {
        return;
      }
      LOG.warn("Run {}: taken over from {}, which did not renew its lock", runId, whose);
    }
    if (isUnchanged(found)) {
      folder.delete(FILE);
    }
  }

  /**
   * Watches a lock.
   *
   * @return whether it is there, unchanged, after a whole lease; false once it is gone
   * @throws RunLockedException if it was renewed
   */
  private boolean runsOut(byte[] found, Duration lease) {
    long begun = waiting.nanos();
    while (waiting.nanos() - begun < lease.toNanos()) {
      pause(lease.dividedBy(LOOKS_PER_LEASE));
      Optional<byte[]> now = folder.read(FILE);
      if (now.isEmpty()) {
        return false;
      }
      Optional<LockOwner> renewed = now.flatMap(LockOwner::fromJson);
      if (renewed.isPresent() && !Arrays.equals(now.get(), found)) {
        throw workedOnBy(renewed.get());
      }
    }
    return true;
  }

  private boolean isUnchanged(byte[] found) {
    return folder.read(FILE).filter(now -> Arrays.equals(now, found)).isPresent();
  }

  /** Of two that took over the same lock, the later one has it. */
  private void requireAlone() {
    pause(owner.lease().dividedBy(LOOKS_PER_LEASE));
    folder
        .read(FILE)
        .flatMap(LockOwner::fromJson)
        .filter(other -> !owner.is(other))
        .ifPresent(
            other -> {
              throw workedOnBy(other);
            });
  }

  private RunLockedException workedOnBy(LockOwner other) {
    return new RunLockedException("Run %s is being worked on by %s".formatted(runId, other));
  }

  private void pause(Duration length) {
    try {
      waiting.pause(length);
    } catch (InterruptedIOException e) {
      throw new StoreException(
          "Cannot take %s: %s".formatted(folder.file(FILE), Patience.reason(e)), e);
    }
  }

  private void renewUntilClosed() {
    long pause = owner.lease().dividedBy(RENEWALS_PER_LEASE).toNanos();
    try {
      while (!closed.await(pause, TimeUnit.NANOSECONDS)) {
        renew();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that this process is alive, or finds that the lock is another's. */
  void renew() {
    if (isLost()) {
      return;
    }
    StoreFolder hasty = folder.with(Patience.NONE);
    try {
      Optional<byte[]> found = hasty.read(FILE);
      Optional<LockOwner> other =
          found.flatMap(LockOwner::fromJson).filter(named -> !owner.is(named));
      if (found.isPresent() && other.isEmpty()) {
        hasty.write(FILE, owner.renew().toJson());
      } else {
        String reason =
            other
                .map(taker -> "Run %s was taken over by %s".formatted(runId, taker))
                .orElse(
                    "Run %s is free for others: %s was removed"
                        .formatted(runId, folder.file(FILE)));
        loss = Optional.of(reason);
        LOG.warn("{}", reason);
      }
    } catch (RuntimeException e) {
      LOG.warn("Cannot renew the lock of run {}: {}", runId, Patience.reason(e));
    }
  }

  /** Whether another process may work on the run; then this one must not write any more. */
  public boolean isLost() {
    return loss.isPresent();
  }

  /**
   * Checks that this process may still write.
   *
   * @throws RunLockedException if the lock was lost
   */
  public void requireHeld() {
    loss.ifPresent(
        reason -> {
          throw new RunLockedException(reason);
        });
  }

  /** Gives the lock back, if it was not lost. */
  @Override
  public void close() {
    closed.countDown();
    StoreFolder hasty = folder.with(Patience.NONE);
    try {
      renewals.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
      if (!renewals.isAlive()
          && hasty.read(FILE).flatMap(LockOwner::fromJson).filter(owner::is).isPresent()) {
        hasty.delete(FILE);
      }
    } catch (StoreException e) {
      LOG.warn("Cannot give back the lock of run {}: {}", runId, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
