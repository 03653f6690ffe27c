package org.gridscape.distribute;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.resource.ResourceInformation;
import org.bytedeco.javacpp.Pointer;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.Fingerprint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each executor its device before anything computes, collects what executors say of
 * themselves, and registers the gauges of training. Named in {@code spark.plugins}.
 *
 * <p>An executor without the device that it needs stays up and fails its tasks with the reason: one
 * that threw here would be started again and again, and the reason would stay in its log.
 */
public final class GridscapePlugin implements SparkPlugin {
  /** Spark setting: whether an executor without a GPU is an error. */
  public static final String REQUIRE_GPU = "spark.gridscape.requireGpu";

  /** Spark setting: the engine of the run, for the fingerprint in an executor's report. */
  public static final String ENGINE = "spark.gridscape.engine";

  private static final Logger LOG = LoggerFactory.getLogger(GridscapePlugin.class);

  @Override
  public DriverPlugin driverPlugin() {
    return new OnDriver();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new OnExecutor();
  }

  private static final class OnDriver implements DriverPlugin {
    @Override
    public Map<String, String> init(SparkContext spark, PluginContext context) {
      ExecutorReports.clear();
      return Map.of();
    }

    @Override
    public void registerMetrics(String application, PluginContext context) {
      TrainingGauges.register(context.metricRegistry());
    }

    /** Sent, not asked: nobody reads the answer. */
    @Override
    public Object receive(Object message) {
      if (message instanceof ExecutorReport report) {
        ExecutorReports.add(report);
        if (report.isFit()) {
          LOG.info("{}", report.line());
        } else {
          LOG.error("{}", report.line());
        }
      }
      return "";
    }
  }

  private static final class OnExecutor implements ExecutorPlugin {
    @Override
    public void init(PluginContext context, Map<String, String> fromDriver) {
      boolean local = context.executorID().equals("driver");
      ExecutorReport report = report(context, local);
      if (!local) {
        LOG.info("{}", report.line());
      }
      try {
        context.send(report);
      } catch (IOException e) {
        LOG.warn("Cannot report to driver: {}", e.getMessage());
      }
    }
  }

  private static ExecutorReport report(PluginContext context, boolean local) {
    String device = "";
    String fingerprint = "";
    String refusal = "";
    try {
      TaskDevice.assign(resolve(context, local), required(context));
      device = TaskDevice.current().toString();
      fingerprint = fingerprint(context);
    } catch (RuntimeException | LinkageError e) {
      refusal = String.valueOf(e.getMessage());
      TaskDevice.refuse("Executor %s: %s".formatted(context.executorID(), refusal));
    }
    return new ExecutorReport(
        context.executorID(),
        host(),
        Runtime.getRuntime().maxMemory(),
        Pointer.maxBytes(),
        Pointer.maxPhysicalBytes(),
        ContainerMemory.limit().orElse(0),
        Runtime.getRuntime().availableProcessors(),
        device,
        fingerprint,
        refusal);
  }

  private static Device resolve(PluginContext context, boolean local) {
    if (local) {
      return Device.local(required(context));
    }
    ResourceInformation gpus = context.resources().get("gpu");
    return Device.resolve(
        gpus == null ? List.of() : List.of(gpus.addresses()),
        Optional.ofNullable(System.getenv("CUDA_VISIBLE_DEVICES")),
        required(context));
  }

  /** Of its own asking: an executor's context does not know its address and throws. */
  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private static boolean required(PluginContext context) {
    return context.conf().getBoolean(REQUIRE_GPU, false);
  }

  /** Loads the engine's library on the device just assigned. */
  private static String fingerprint(PluginContext context) {
    if (!context.conf().contains(ENGINE)) {
      return "";
    }
    EngineKind engine = EngineKind.parse(context.conf().get(ENGINE));
    TaskDevice.bind(engine);
    return Fingerprint.of(engine).toString();
  }
}
