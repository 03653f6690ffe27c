package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.gridscape.energy.Nd4jLibrary;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --require-gpu} on a machine without one: one clear error, whatever Spark was told. */
class RequireGpuIT {
  private static final String CLUSTER = "local-cluster[1,1,1024]";
  private static final String NO_CUDA =
      "ND4J has CpuBackend and not its CUDA backend (build with mvn -Pcuda)";

  @TempDir private Path folder;

  @BeforeAll
  static void withoutGpu() {
    assumeThat(Nd4jLibrary.isOnGpu()).isFalse();
  }

  @Test
  void settingsThatGrantNoGpuAreRefusedBeforeSparkStarts() {
    assertThat(train("unset", CLUSTER, Map.of()))
        .isEqualTo(
            "Cannot require a GPU: spark.task.resource.gpu.amount is none"
                + " (must be 1; conf/spark-gpu.conf sets it)");
    assertThat(train("shared", CLUSTER, Map.of("spark.task.resource.gpu.amount", "0.5")))
        .isEqualTo(
            "Cannot require a GPU: spark.task.resource.gpu.amount is 0.5"
                + " (must be 1; conf/spark-gpu.conf sets it)");
    assertThat(
            train(
                "several",
                CLUSTER,
                Map.of(
                    "spark.task.resource.gpu.amount",
                    "1",
                    "spark.executor.resource.gpu.amount",
                    "2")))
        .isEqualTo(
            "Cannot require a GPU: spark.executor.resource.gpu.amount is 2"
                + " (must be 1; conf/spark-gpu.conf sets it)");
  }

  @Test
  void anExecutorThatCannotUseItsGpuEndsTheRun() throws IOException {
    Path home = Path.of(System.getenv("SPARK_HOME"));
    Files.createDirectories(home.resolve("jars"));
    if (Files.notExists(home.resolve("RELEASE"))) {
      Files.createFile(home.resolve("RELEASE"));
    }
    Path script =
        Files.createFile(
            folder.resolve("discover"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.writeString(script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\"]}'\n");
    String error =
        train(
            "made-up",
            CLUSTER,
            Map.of(
                "spark.executor.memory",
                "768m",
                "spark.worker.resource.gpu.amount",
                "1",
                "spark.worker.resource.gpu.discoveryScript",
                script.toString(),
                "spark.executor.resource.gpu.amount",
                "1",
                "spark.task.resource.gpu.amount",
                "1"));
    assertThat(error)
        .matches("Executor 0 on \\S+: .*")
        .endsWith(": Cannot compute on GPU 0 (granted): " + NO_CUDA);
  }

  @Test
  void localModeComputesOnTheFirstGpuInOneThread() {
    assertThat(train("local", "local[1]", Map.of()))
        .startsWith("Executor driver on ")
        .endsWith(": Cannot compute on GPU 0 (local mode): " + NO_CUDA);
    SmallRun run = new SmallRun(folder, "threads");
    assertThat(Gridscape.run(command(run, "local[2]"))).isEqualTo(ExitCode.USAGE);
    assertThat(error(run))
        .isEqualTo(
            "Invalid --master: local[2] (must be local[1] with --require-gpu: one thread a GPU)");
  }

  /** Trains with settings of Spark, as spark-submit sets them; returns the error of the result. */
  private String train(String runId, String master, Map<String, String> settings) {
    SmallRun run = new SmallRun(folder, runId);
    settings.forEach(System::setProperty);
    try {
      assertThat(Gridscape.run(command(run, master))).isEqualTo(ExitCode.TOO_FEW_EXECUTORS);
    } finally {
      settings.keySet().forEach(System::clearProperty);
    }
    return error(run);
  }

  private static String[] command(SmallRun run, String master) {
    return run.command(
        "train", "--require-gpu", "--master", master, "--set", "training.engine=reference");
  }

  private static String error(SmallRun run) {
    ObjectNode result = run.run().result().orElseThrow();
    return result.path("error").asText();
  }
}
