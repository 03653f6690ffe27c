package org.gridscape.distribute;

import java.io.Serializable;
import org.apache.spark.SparkEnv;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.Fingerprint;

/**
 * A process that computed shards.
 *
 * @param executor its id in Spark; "driver" in local mode
 * @param host where it runs
 * @param fingerprint what can change the bits there
 */
record Worker(String executor, String host, Fingerprint fingerprint) implements Serializable {

  /** This process. */
  static Worker here(EngineKind engine) {
    SparkEnv environment = SparkEnv.get();
    return new Worker(
        environment.executorId(),
        environment.blockManager().blockManagerId().host(),
        Fingerprint.of(engine));
  }
}
