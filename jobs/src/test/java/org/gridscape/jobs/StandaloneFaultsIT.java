package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gridscape.energy.NativeThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standalone cluster, master and workers as processes of their own. */
@Tag("faults")
class StandaloneFaultsIT {
  private static final Pattern URL = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final long PATIENCE_SECONDS = 60;

  @TempDir private static Path folder;
  private static String undisturbed = "";
  private final List<Process> started = new ArrayList<>();

  @BeforeAll
  static void trainUndisturbed() {
    undisturbed = FaultRun.undisturbed(folder);
  }

  @AfterEach
  void stop() {
    started.forEach(
        process -> {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        });
  }

  @Test
  void workerKilledWithItsExecutorAndANewOneJoining() throws Exception {
    try (FaultRun run = new FaultRun(folder, "worker")) {
      String master = master();
      Process worker = start("worker-1", worker("127.0.0.1", 2, master));
      onCluster(run).spark("spark.executor.cores", 1).fault(FaultPlugin.Fault.HOLD, 4, 1);
      Process process = run.train(master);
      run.awaitFault(process);
      List<Path> executors = run.left(FaultPlugin.EXECUTOR);
      assertThat(executors).hasSize(2);
      assertThat(worker.children().map(ProcessHandle::pid))
          .containsExactlyInAnyOrderElementsOf(executors.stream().map(FaultRun::pid).toList());
      FaultRun.kill(worker.pid());
      for (Path executor : executors) {
        ProcessHandle.of(FaultRun.pid(executor)).ifPresent(alive -> FaultRun.kill(alive.pid()));
      }
      start("worker-2", worker("127.0.0.1", 2, master));
      run.requireDone(process, undisturbed);
      assertThat(run.left(FaultPlugin.EXECUTOR)).hasSizeGreaterThan(2);
      FaultTable.add(
          "03",
          "all executors of a worker lost and a new worker joining",
          "standalone master; SIGKILL to the one worker and to both its executors in iteration 4,"
              + " then another worker",
          "Spark ran the iteration again on executors of the new worker",
          FaultTable.SAME);
    }
  }

  /** Spark runs no duplicate on the host of the first attempt. */
  @Test
  void speculativeDuplicate() throws Exception {
    try (FaultRun run = new FaultRun(folder, "speculative")) {
      String master = master();
      start("worker-here", worker("127.0.0.1", 1, master));
      start("worker-there", worker("127.0.0.2", 1, master));
      Path events = Files.createDirectory(folder.resolve("events"));
      onCluster(run)
          .fault(FaultPlugin.Fault.HOLD, 4, 1)
          .spark("spark.speculation", true)
          .spark("spark.speculation.interval", "100ms")
          .spark("spark.eventLog.enabled", true)
          .spark("spark.eventLog.dir", events.toUri());
      run.requireDone(run.train(master), undisturbed);
      assertThat(run.left(FaultPlugin.MET)).hasSize(1);
      assertThat(events(events))
          .filteredOn(event -> event.contains("SparkListenerTaskEnd"))
          .filteredOn(event -> event.contains("\"Speculative\":true"))
          .filteredOn(event -> event.contains("\"Reason\":\"Success\""))
          .isNotEmpty();
      FaultTable.add(
          "04",
          "speculative duplicate",
          "spark.speculation, workers on two addresses, and a shard's task in iteration 4 that"
              + " lagged behind for ever",
          "the duplicate ended first (event log), the laggard was interrupted",
          FaultTable.SAME);
    }
  }

  private static List<String> events(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> logs = files.toList();
      assertThat(logs).hasSize(1);
      return Files.readAllLines(logs.get(0));
    }
  }

  private static FaultRun onCluster(FaultRun run) {
    return run.spark("spark.driver.host", "127.0.0.1")
        .spark("spark.driver.bindAddress", "127.0.0.1")
        .spark("spark.ui.enabled", false)
        .spark("spark.executor.instances", 2)
        .spark("spark.executor.extraClassPath", System.getProperty("java.class.path"));
  }

  private String master() throws Exception {
    Process process =
        start(
            "master",
            List.of(
                "org.apache.spark.deploy.master.Master",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--webui-port",
                "0"));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      Matcher matcher = URL.matcher(Files.readString(folder.resolve("master.log")));
      if (matcher.find()) {
        return matcher.group(1);
      }
      assertThat(process.waitFor(50, TimeUnit.MILLISECONDS)).as("master ended").isFalse();
    }
    throw new AssertionError("master did not say its address");
  }

  private List<String> worker(String host, int cores, String master) {
    return List.of(
        "org.apache.spark.deploy.worker.Worker",
        "--host",
        host,
        "--webui-port",
        "0",
        "-c",
        Integer.toString(cores),
        "-m",
        "2g",
        "--work-dir",
        folder.resolve("work").toString(),
        master);
  }

  private Process start(String name, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("--add-opens"))
            .toList());
    command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    NativeThreads.VARIABLES.forEach(variable -> builder.environment().put(variable, "1"));
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    started.add(process);
    return process;
  }
}
