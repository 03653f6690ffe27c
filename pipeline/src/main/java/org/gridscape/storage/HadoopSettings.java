package org.gridscape.storage;

import java.lang.ref.WeakReference;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Where Hadoop's settings come from. */
public final class HadoopSettings {
  private static Optional<Known> known = Optional.empty();

  /** The settings of one Spark application in this process. */
  private record Known(WeakReference<SparkEnv> application, Configuration settings) {}

  private HadoopSettings() {}

  /**
   * Hadoop's settings, with those that Spark was given where it runs; not to be changed. They are
   * put together once: new ones parse Hadoop's files again when they are first asked.
   */
  public static synchronized Configuration current() {
    SparkHadoopUtil hadoop = SparkHadoopUtil.get();
    SparkEnv running = SparkEnv.get();
    if (running == null) {
      return hadoop.conf();
    }
    Known now =
        known
            .filter(found -> found.application().refersTo(running))
            .orElseGet(
                () ->
                    new Known(
                        new WeakReference<>(running), hadoop.newConfiguration(running.conf())));
    known = Optional.of(now);
    return now.settings();
  }
}
