package org.gridscape.storage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A time that passes only while something waits for it. */
public final class TestTime implements Waiting {
  private static final long serialVersionUID = 1;

  private final ArrayList<Duration> pauses = new ArrayList<>();
  private transient Runnable atEachPause = () -> {};
  private long nanos = 17;

  /** What happens elsewhere while something waits. */
  public void atEachPause(Runnable event) {
    atEachPause = event;
  }

  /** The pauses made so far. */
  public List<Duration> pauses() {
    return pauses;
  }

  /** How long was waited so far. */
  public Duration waited() {
    return pauses.stream().reduce(Duration.ZERO, Duration::plus);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void pause(Duration length) {
    pauses.add(length);
    nanos += length.toNanos();
    atEachPause.run();
  }
}
