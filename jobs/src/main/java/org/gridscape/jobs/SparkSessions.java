package org.gridscape.jobs;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.ConfigException;
import org.gridscape.energy.NativeThreads;

/** Opens the Spark session of a command. */
final class SparkSessions {
  private static final String WANTED = "spark.executor.instances";
  private static final long EXECUTOR_WAIT_SECONDS = 120;

  private SparkSessions() {}

  /**
   * A session on {@code master}, or on spark-submit's, or on all cores of this machine.
   *
   * @throws TooFewExecutorsException if spark.executor.instances are not there in two minutes
   */
  static SparkSession open(Optional<String> master, String name) {
    SparkConf conf = new SparkConf();
    master.ifPresent(conf::setMaster);
    conf.setIfMissing("spark.master", "local[*]");
    conf.setAppName("gridscape " + name);
    for (String variable : NativeThreads.VARIABLES) {
      conf.set("spark.executorEnv." + variable, "1");
    }
    String url = conf.get("spark.master");
    if (url.startsWith("local")) {
      if (!url.startsWith("local-cluster")) {
        requireOneNativeThread();
      }
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      // Floats do not compress.
      conf.setIfMissing("spark.broadcast.compress", "false");
      // Sums of gradients come straight to the driver instead of by way of the block manager.
      conf.setIfMissing("spark.task.maxDirectResultSize", "64m");
    }
    if (url.startsWith("local-cluster")) {
      conf.setIfMissing("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    }
    conf.setIfMissing(
        "spark.executor.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    SparkSession session = create(conf);
    awaitExecutors(session, conf.getInt(WANTED, 0));
    return session;
  }

  private static SparkSession create(SparkConf conf) {
    try {
      return SparkSession.builder().config(conf).getOrCreate();
    } catch (Exception e) {
      if (String.valueOf(e.getMessage()).startsWith("Could not parse Master URL")) {
        throw new ConfigException(
            "Invalid --master: %s (must be local[CORES], local-cluster[EXECUTORS,CORES,MIB] or spark://HOST:PORT; under spark-submit yarn or k8s://URL too)"
                .formatted(conf.get("spark.master")),
            e);
      }
      throw e;
    }
  }

  /** Checks the environment of this process, which computes cells itself. */
  static void requireOneNativeThread() {
    try {
      NativeThreads.requireOne(System.getenv());
    } catch (IllegalStateException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void awaitExecutors(SparkSession session, int wanted) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(EXECUTOR_WAIT_SECONDS);
    int came = executors(session);
    while (came < wanted && System.nanoTime() < deadline) {
      try {
        TimeUnit.MILLISECONDS.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      came = executors(session);
    }
    if (came < wanted) {
      session.stop();
      throw new TooFewExecutorsException(came, wanted);
    }
  }

  /** Executors beside the driver. */
  private static int executors(SparkSession session) {
    return session.sparkContext().statusTracker().getExecutorInfos().length - 1;
  }
}
