package org.gridscape.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Brings a fault into the task of one shard in one iteration, while its control folder says so. In
 * that folder each executor leaves a file with its process number, and each fault one.
 */
public final class FaultPlugin implements SparkPlugin {
  static final String CONTROL = "spark.gridscape.test.control";
  static final String FAULT = "spark.gridscape.test.fault";
  static final String ITERATION = "spark.gridscape.test.iteration";
  static final String ATTEMPTS = "spark.gridscape.test.attempts";

  /** File that is there while faults happen. */
  static final String ARMED = "armed";

  /** Starts of file names; the process number follows. */
  static final String EXECUTOR = "executor-";

  static final String MET = "met-";
  static final String REASON = "made to fail";
  static final int SHARD = 1;

  /** What happens to the task. */
  enum Fault {
    /** It does not begin before somebody kills it. */
    HOLD,
    /** It fails when it has computed everything. */
    THROW,
    /** It finds no memory left. */
    EXHAUST
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {};
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new OnExecutor();
  }

  /**
   * A fault and where it belongs.
   *
   * @param control the folder
   * @param fault what happens
   * @param iteration in which
   * @param attempts to how many of the first attempts
   */
  private record Plan(Path control, Fault fault, int iteration, int attempts) {
    static Plan of(SparkConf conf) {
      return new Plan(
          Path.of(conf.get(CONTROL)),
          Fault.valueOf(conf.get(FAULT).toUpperCase(Locale.ROOT)),
          conf.getInt(ITERATION, 0),
          conf.getInt(ATTEMPTS, 1));
    }

    boolean concerns(TaskContext task) {
      return String.valueOf(task.getLocalProperty("spark.job.description"))
              .startsWith("iteration " + iteration + ":")
          && task.partitionId() == SHARD
          && task.attemptNumber() < attempts
          && Files.exists(control.resolve(ARMED));
    }

    void leave(String name) {
      try {
        Files.writeString(control.resolve(name), "");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class OnExecutor implements ExecutorPlugin {
    private Optional<Plan> plan = Optional.empty();

    @Override
    public void init(PluginContext context, Map<String, String> fromDriver) {
      Plan read = Plan.of(context.conf());
      read.leave(EXECUTOR + ProcessHandle.current().pid());
      plan = Optional.of(read);
    }

    @Override
    public void onTaskStart() {
      TaskContext task = TaskContext.get();
      plan.filter(known -> known.concerns(task))
          .ifPresent(
              known -> {
                known.leave(MET + ProcessHandle.current().pid());
                bring(known.fault(), task);
              });
    }
  }

  private static void bring(Fault fault, TaskContext task) {
    switch (fault) {
      case HOLD -> {
        try {
          TimeUnit.HOURS.sleep(1);
        } catch (InterruptedException e) {
          // As Spark interrupts a task of which another copy was faster.
          Thread.currentThread().interrupt();
        }
      }
      case THROW -> {
        // What is thrown here is only logged.
        TaskCompletionListener failing =
            ended -> {
              throw new IllegalStateException(REASON);
            };
        task.addTaskCompletionListener(failing);
      }
      case EXHAUST -> {
        AtomicReference<Object[]> taken = new AtomicReference<>(new Object[0]);
        TaskCompletionListener relief = ended -> taken.set(new Object[0]);
        task.addTaskCompletionListener(relief);
        take(taken);
      }
    }
  }

  /** Takes all memory there is. */
  private static void take(AtomicReference<Object[]> taken) {
    int size = 1 << 20;
    while (size >= 16) {
      try {
        taken.set(new Object[] {taken.get(), new byte[size]});
      } catch (OutOfMemoryError full) {
        size /= 2;
      }
    }
  }
}
