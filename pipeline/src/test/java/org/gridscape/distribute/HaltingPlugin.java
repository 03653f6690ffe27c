package org.gridscape.distribute;

import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/** Halts the executor that starts the first attempt of partition 1 of the job asked for. */
public final class HaltingPlugin implements SparkPlugin {
  /** Local property of the driver's thread: start of the description of the job that loses one. */
  static final String HALTED_JOB = "gridscape.test.haltedJob";

  static final int EXIT_CODE = 52;

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {};
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> extraConf) {}

      @Override
      public void onTaskStart() {
        TaskContext task = TaskContext.get();
        String halted = task.getLocalProperty(HALTED_JOB);
        if (halted != null
            && String.valueOf(task.getLocalProperty("spark.job.description")).startsWith(halted)
            && task.partitionId() == 1
            && task.attemptNumber() == 0) {
          Runtime.getRuntime().halt(EXIT_CODE);
        }
      }
    };
  }
}
