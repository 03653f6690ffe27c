package org.gridscape.distribute;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.gridscape.energy.Fingerprint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that all processes that ever compute a run do so alike, or says that they do not.
 * Lives on the driver.
 */
public final class Determinism {
  private static final Logger LOG = LoggerFactory.getLogger(Determinism.class);

  private final Mode mode;
  private final List<Fingerprint> seen;

  /** What happens when processes are not alike. */
  public enum Mode {
    /** The run stops before such an iteration changes the model. */
    STRICT,
    /** The run goes on; each new kind of process is logged once. */
    WARN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The watch over one run.
   *
   * @param seen of the processes that computed it so far
   */
  public Determinism(Mode mode, List<Fingerprint> seen) {
    this.mode = mode;
    this.seen = new ArrayList<>(seen);
  }

  /** Of all processes that computed the run so far, each kind once. */
  public List<Fingerprint> seen() {
    return List.copyOf(seen);
  }

  /**
   * Looks at the processes of an iteration.
   *
   * @throws UnlikeExecutorsException if one is unlike those before and the mode is strict
   */
  void check(List<Worker> workers) {
    for (Worker worker : workers) {
      if (seen.contains(worker.fingerprint())) {
        continue;
      }
      if (!seen.isEmpty()) {
        String difference =
            "executor %s on %s is unlike those before: %s"
                .formatted(
                    worker.executor(),
                    worker.host(),
                    String.join("; ", seen.get(0).differences(worker.fingerprint())));
        if (mode == Mode.STRICT) {
          throw new UnlikeExecutorsException(difference);
        }
        LOG.warn("The bits of this run are not those of a uniform cluster: {}", difference);
      }
      seen.add(worker.fingerprint());
    }
  }
}
