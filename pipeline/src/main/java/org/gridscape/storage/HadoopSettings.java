package org.gridscape.storage;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Where Hadoop's settings come from. */
public final class HadoopSettings {
  private HadoopSettings() {}

  /** Hadoop's settings, with those that Spark was given where it runs. */
  public static Configuration current() {
    SparkHadoopUtil hadoop = SparkHadoopUtil.get();
    SparkEnv running = SparkEnv.get();
    return running == null ? hadoop.conf() : hadoop.newConfiguration(running.conf());
  }
}
