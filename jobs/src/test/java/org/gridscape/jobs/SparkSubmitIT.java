package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.gridscape.energy.NativeThreads;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * gridscape-jobs.jar under the spark-submit of an unmodified distribution, which
 * GRIDSCAPE_SPARK_HOME names; SPARK_HOME does not do, since tests with executor processes have one
 * of their own.
 */
class SparkSubmitIT {
  private static final String HOME = "GRIDSCAPE_SPARK_HOME";
  private static final Path JAR =
      Path.of(System.getProperty("gridscape.home", ".."), "jobs/target/gridscape-jobs.jar")
          .toAbsolutePath()
          .normalize();
  private static final long LARGEST = 250L << 20;

  @TempDir private Path folder;

  @BeforeEach
  void needsADistribution() {
    assumeTrue(
        System.getenv(HOME) != null,
        () -> "%s names no distribution of Spark 3.5: spark-submit is not tried".formatted(HOME));
  }

  @Test
  void sameBitsInOneProcessAndOnExecutorProcesses() throws Exception {
    assertThat(Files.size(JAR)).isLessThan(LARGEST);
    SmallRun local = new SmallRun(folder, "local");
    assertThat(submit(local, "local[2]", true, local.command("quickstart")))
        .isEqualTo(ExitCode.DONE);
    assertThat(local.run().path().resolve("report.html")).exists();
    SmallRun cluster = new SmallRun(folder, "cluster");
    assertThat(submit(cluster, "local-cluster[2,1,1024]", false, cluster.command("train")))
        .isEqualTo(ExitCode.DONE);
    assertThat(cluster.parametersSha256()).isEqualTo(local.parametersSha256());
    String runs = folder.resolve("runs").toString();
    assertThat(
            submit(
                cluster,
                "local[2]",
                true,
                "sample",
                "--runs",
                runs,
                "--run-id",
                "cluster",
                "--set",
                "sampling.count=5"))
        .isEqualTo(ExitCode.DONE);
    assertThat(cluster.run().path().resolve("samples/final/images/sample-000004.png")).exists();
  }

  @Test
  void manyNativeThreadsInTheDriverAreRefusedWithTheRemedy() throws Exception {
    SmallRun run = new SmallRun(folder, "threads");
    assertThat(submit(run, "local[2]", false, run.command("train"))).isEqualTo(ExitCode.USAGE);
    assertThat(Files.readString(run.log()))
        .contains("gridscape: Invalid environment: OMP_NUM_THREADS= (must be 1, ")
        .contains("export OMP_NUM_THREADS=1");
  }

  /** The exit code; what it printed is in the log of the run. */
  private static int submit(SmallRun run, String master, boolean oneThread, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getenv(HOME), "bin", "spark-submit").toString());
    command.addAll(List.of("--master", master, "--executor-memory", "1g"));
    command.addAll(List.of("--class", Gridscape.class.getName(), JAR.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(run.folder().toFile());
    builder.environment().put("SPARK_HOME", System.getenv(HOME));
    builder.environment().remove("SPARK_SCALA_VERSION");
    for (String variable : NativeThreads.VARIABLES) {
      builder.environment().remove(variable);
      if (oneThread) {
        builder.environment().put(variable, "1");
      }
    }
    return builder.redirectErrorStream(true).redirectOutput(run.log().toFile()).start().waitFor();
  }
}
