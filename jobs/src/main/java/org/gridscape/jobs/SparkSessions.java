package org.gridscape.jobs;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.ConfigException;
import org.gridscape.distribute.DeviceException;
import org.gridscape.distribute.ExecutorReport;
import org.gridscape.distribute.ExecutorReports;
import org.gridscape.distribute.GridscapePlugin;
import org.gridscape.energy.NativeThreads;

/** Opens the Spark session of a command. */
final class SparkSessions {
  private static final String MASTER = "spark.master";
  private static final String TASK_GPUS = "spark.task.resource.gpu.amount";
  private static final String EXECUTOR_GPUS = "spark.executor.resource.gpu.amount";
  private static final String PLUGINS = "spark.plugins";
  private static final String PROMETHEUS = "spark.metrics.conf.*.sink.prometheusServlet.";
  private static final String WANTED = "spark.executor.instances";
  private static final String WAIT = "spark.scheduler.maxRegisteredResourcesWaitingTime";
  private static final String DEFAULT_WAIT = "120s";
  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*(\\d{1,4})\\s*,");

  private SparkSessions() {}

  /**
   * A session for a command that computes, with its engine and, if it asks for one, a GPU an
   * executor.
   *
   * @throws TooFewExecutorsException if spark.executor.instances, or with {@code --require-gpu}
   *     any, are not there in two minutes or in spark.scheduler.maxRegisteredResourcesWaitingTime
   * @throws DeviceException with {@code --require-gpu}, if the settings grant no GPU to each task
   *     or an executor says that it has none
   */
  static SparkSession open(RunOptions options, String name) {
    SparkConf conf = new SparkConf();
    options.engine.ifPresent(engine -> conf.set(GridscapePlugin.ENGINE, engine.toString()));
    if (options.requireGpu) {
      conf.set(GridscapePlugin.REQUIRE_GPU, "true");
    }
    return open(conf, options.master, name);
  }

  /**
   * A session on {@code master}, or on spark-submit's, or on all cores of this machine.
   *
   * @throws TooFewExecutorsException if spark.executor.instances are not there in two minutes or in
   *     spark.scheduler.maxRegisteredResourcesWaitingTime
   */
  static SparkSession open(Optional<String> master, String name) {
    return open(new SparkConf(), master, name);
  }

  private static SparkSession open(SparkConf conf, Optional<String> master, String name) {
    boolean gpu = conf.getBoolean(GridscapePlugin.REQUIRE_GPU, false);
    master.ifPresent(conf::setMaster);
    conf.setIfMissing(MASTER, gpu ? "local[1]" : "local[*]");
    requireGpuForEachTask(conf, gpu);
    conf.setAppName("gridscape " + name);
    conf.set(PLUGINS, withOurs(conf.get(PLUGINS, "")));
    for (String variable : NativeThreads.VARIABLES) {
      conf.set("spark.executorEnv." + variable, "1");
    }
    String url = conf.get(MASTER);
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
    // Long enough to find a shard's home free again, short enough to give an idle one work.
    conf.setIfMissing("spark.locality.wait", "200ms");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    limitHistory(conf);
    if (conf.getBoolean("spark.ui.enabled", true)) {
      conf.setIfMissing("spark.ui.prometheus.enabled", "true");
      conf.setIfMissing(PROMETHEUS + "class", "org.apache.spark.metrics.sink.PrometheusServlet");
      conf.setIfMissing(PROMETHEUS + "path", "/metrics/prometheus");
    }
    SparkSession session = create(conf);
    int wanted = wanted(conf);
    long wait = conf.getTimeAsSeconds(WAIT, DEFAULT_WAIT);
    awaitExecutors(session, wanted, wait);
    if (gpu) {
      awaitDevices(session, Math.max(1, wanted), wait);
    }
    return session;
  }

  /**
   * Executors to wait for. Those of a local cluster all come; a job that began without one would
   * leave all shards with the others.
   */
  private static int wanted(SparkConf conf) {
    Matcher cluster = LOCAL_CLUSTER.matcher(conf.get(MASTER));
    return conf.getInt(WANTED, cluster.lookingAt() ? Integer.parseInt(cluster.group(1)) : 0);
  }

  /** Training is a job an iteration: Spark would keep a thousand of them, and all their tasks. */
  private static void limitHistory(SparkConf conf) {
    conf.setIfMissing("spark.ui.retainedJobs", "100");
    conf.setIfMissing("spark.ui.retainedStages", "100");
    conf.setIfMissing("spark.ui.retainedTasks", "10000");
  }

  private static String withOurs(String plugins) {
    return Stream.concat(
            Arrays.stream(plugins.split(",")), Stream.of(GridscapePlugin.class.getName()))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .distinct()
        .collect(Collectors.joining(","));
  }

  /**
   * One executor, one GPU, one task: two tasks would share a device, and a task without a request
   * would run beside one that has it. In local mode Spark grants nothing, and a request is never
   * met.
   */
  private static void requireGpuForEachTask(SparkConf conf, boolean required) {
    String url = conf.get(MASTER);
    if (url.startsWith("local") && !url.startsWith("local-cluster")) {
      if (conf.contains(TASK_GPUS)) {
        throw new ConfigException(
            "Invalid %s: %s (must not be set with --master %s: its tasks would wait for ever)"
                .formatted(TASK_GPUS, conf.get(TASK_GPUS), url));
      }
      if (required && !url.equals("local") && !url.equals("local[1]")) {
        throw new ConfigException(
            "Invalid --master: %s (must be local[1] with --require-gpu: one thread a GPU)"
                .formatted(url));
      }
    } else if (required) {
      for (String key : List.of(TASK_GPUS, EXECUTOR_GPUS)) {
        String amount = conf.get(key, "none");
        if (!amount.matches("1(\\.0*)?")) {
          throw new DeviceException(
              "Cannot require a GPU: %s is %s (must be 1; conf/spark-gpu.conf sets it)"
                  .formatted(key, amount));
        }
      }
    }
  }

  private static void awaitDevices(SparkSession session, int wanted, long seconds) {
    List<ExecutorReport> reports;
    try {
      reports = ExecutorReports.await(wanted, seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reports = ExecutorReports.all();
    }
    for (ExecutorReport report : reports) {
      if (!report.isFit()) {
        session.stop();
        throw new DeviceException(
            "Executor %s on %s: %s".formatted(report.executor(), report.host(), report.refusal()));
      }
    }
    if (reports.size() < wanted) {
      session.stop();
      throw new TooFewExecutorsException(reports.size(), wanted);
    }
  }

  private static SparkSession create(SparkConf conf) {
    try {
      return SparkSession.builder().config(conf).getOrCreate();
    } catch (Exception e) {
      if (String.valueOf(e.getMessage()).startsWith("Could not parse Master URL")) {
        throw new ConfigException(
            "Invalid --master: %s (must be local[CORES], local-cluster[EXECUTORS,CORES,MIB] or spark://HOST:PORT; under spark-submit yarn or k8s://URL too)"
                .formatted(conf.get(MASTER)),
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

  private static void awaitExecutors(SparkSession session, int wanted, long seconds) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
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
