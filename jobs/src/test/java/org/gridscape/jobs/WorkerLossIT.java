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
import org.gridscape.energy.NativeThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standalone cluster, master and workers as processes of their own, that loses a worker. */
@Tag("faults")
class WorkerLossIT {
  private static final Pattern URL = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final long PATIENCE_SECONDS = 60;

  @TempDir private Path folder;
  private final List<Process> started = new ArrayList<>();

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
    String undisturbed = FaultRun.undisturbed(folder);
    try (FaultRun run = new FaultRun(folder, "worker")) {
      run.spark("spark.driver.host", "127.0.0.1")
          .spark("spark.driver.bindAddress", "127.0.0.1")
          .spark("spark.ui.enabled", false)
          .spark("spark.executor.instances", 2)
          .spark("spark.executor.extraClassPath", System.getProperty("java.class.path"))
          .fault(FaultPlugin.Fault.HOLD, 4, 1);
      String master = master();
      start("worker-1", worker(master));
      start("worker-2", worker(master));
      Process process = run.train(master);
      long executor = run.awaitFault(process);
      long worker = ProcessHandle.of(executor).orElseThrow().parent().orElseThrow().pid();
      assertThat(started).anyMatch(known -> known.pid() == worker);
      FaultRun.kill(worker);
      ProcessHandle.of(executor).ifPresent(alive -> FaultRun.kill(alive.pid()));
      start("worker-3", worker(master));
      run.requireDone(process, undisturbed);
      assertThat(run.log()).contains("Lost executor");
      assertThat(Files.readString(folder.resolve("master.log"))).contains("Removing worker");
      run.await(started.get(0), () -> run.left(FaultPlugin.EXECUTOR).size() > 2);
      FaultTable.add(
          "03",
          "all executors of a worker lost and a new worker joining",
          "standalone master and two workers; SIGKILL to the worker, and its executor, that held"
              + " a shard's task in iteration 4, then a third worker",
          "Spark ran the task again; the new worker got an executor of the run",
          FaultTable.SAME);
    }
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

  private List<String> worker(String master) {
    return List.of(
        "org.apache.spark.deploy.worker.Worker",
        "--host",
        "127.0.0.1",
        "--webui-port",
        "0",
        "-c",
        "1",
        "-m",
        "1g",
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
