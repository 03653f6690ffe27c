package org.gridscape.distribute;

import java.io.Serializable;
import org.apache.spark.SparkEnv;

/**
 * A process that computed shards.
 *
 * @param executor its id in Spark; "driver" in local mode
 * @param host where it runs
 */
record Worker(String executor, String host) implements Serializable {

  /** This process. */
  static Worker here() {
    SparkEnv environment = SparkEnv.get();
    return new Worker(environment.executorId(), environment.blockManager().blockManagerId().host());
  }
}
