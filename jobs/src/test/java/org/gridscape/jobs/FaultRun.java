package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A small run whose driver and executors are processes of their own, the folder from which they
 * take their faults, and what has been started.
 */
final class FaultRun implements AutoCloseable {
  static final String CLUSTER = "local-cluster[2,1,1024]";
  private static final long PATIENCE_SECONDS = 120;
  private static final long POLL_MILLIS = 20;

  private final SmallRun run;
  private final Path control;
  private final List<String> javaOptions = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private final List<Process> started = new ArrayList<>();

  FaultRun(Path folder, String runId) throws IOException {
    run = new SmallRun(folder, runId);
    control = Files.createDirectories(folder.resolve(runId + "-control"));
    Path home = Path.of(System.getenv("SPARK_HOME"));
    Files.createDirectories(home.resolve("jars"));
    if (Files.notExists(home.resolve("RELEASE"))) {
      Files.createFile(home.resolve("RELEASE"));
    }
    spark("spark.executor.memory", "512m");
    spark("spark.locality.wait", "0");
    spark("spark.hadoop." + TroubledFileSystem.CONTROL, control);
    set("cluster.storePatience", "2 seconds");
  }

  /** The hash of a run that nothing disturbs, on one core of one process. */
  static String undisturbed(Path folder) {
    SmallRun run = new SmallRun(folder, "undisturbed");
    assertThat(Gridscape.run(run.command("train", "--master", "local[1]")))
        .isEqualTo(ExitCode.DONE);
    return run.parametersSha256();
  }

  /** A setting of Spark. */
  FaultRun spark(String key, Object value) {
    javaOptions.add("-D%s=%s".formatted(key, value));
    return this;
  }

  /** A setting of ours. */
  FaultRun set(String key, String value) {
    options.addAll(List.of("--set", key + "=\"" + value + "\""));
    return this;
  }

  /** A fault in the task of one shard, from now on until {@link #heal}. */
  FaultRun fault(FaultPlugin.Fault fault, int iteration, int attempts) throws IOException {
    spark("spark.plugins", FaultPlugin.class.getName());
    spark(FaultPlugin.CONTROL, control);
    spark(FaultPlugin.FAULT, fault);
    spark(FaultPlugin.ITERATION, iteration);
    spark(FaultPlugin.ATTEMPTS, attempts);
    Files.writeString(control.resolve(FaultPlugin.ARMED), "");
    return this;
  }

  /** A fault of the store {@code troubled}, from now on until {@link #heal}. */
  FaultRun trouble(TroubledFileSystem.Operation operation, String paths, String reason)
      throws IOException {
    Path written = control.resolve("written");
    Files.writeString(written, "%s\n%s\n%s\n".formatted(operation, paths, reason));
    Files.move(written, control.resolve(TroubledFileSystem.RULE), StandardCopyOption.ATOMIC_MOVE);
    return this;
  }

  /** Nothing fails any more, and what failed is forgotten. */
  void heal() throws IOException {
    for (Path file : left("")) {
      if (!file.getFileName().toString().startsWith(FaultPlugin.EXECUTOR)) {
        Files.delete(file);
      }
    }
  }

  /** Starts the command on two executors. */
  Process train() throws IOException {
    return train(CLUSTER);
  }

  /** Starts the same command on two cores of its own process, where only the driver matters. */
  Process trainLocally() throws IOException {
    return train("local[2]");
  }

  Process train(String master) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--master", master));
    arguments.addAll(options);
    Process process = run.start(javaOptions, "train", arguments.toArray(String[]::new));
    started.add(process);
    return process;
  }

  /** Waits for the end of a command. */
  int exitCode(Process process) throws IOException, InterruptedException {
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      dumpThreads(process);
    }
    assertThat(ended).as("ended: " + log()).isTrue();
    return process.exitValue();
  }

  /** Waits for a command that fails; returns the error that it leaves. */
  String error(Process process, int exitCode) throws Exception {
    assertThat(exitCode(process)).as(log()).isEqualTo(exitCode);
    String error = run.run().result().orElseThrow().path("error").asText();
    assertThat(log()).contains("gridscape: " + error);
    return error;
  }

  /** Waits for a command that succeeds with these parameters. */
  void requireDone(Process process, String parametersSha256) throws Exception {
    assertThat(exitCode(process)).as(log()).isEqualTo(ExitCode.DONE);
    assertThat(run.parametersSha256()).isEqualTo(parametersSha256);
  }

  /** Something that a process is waited for. */
  interface Condition {
    boolean holds() throws IOException;
  }

  /** Waits; fails if the process ends first. */
  void await(Process process, Condition condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.holds()) {
      assertThat(process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)).as(log()).isFalse();
      if (System.nanoTime() > deadline) {
        dumpThreads(process);
        fail("waited too long: " + log());
      }
    }
  }

  /** Has a process that does not go on print what its threads wait for. */
  private static void dumpThreads(Process process) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-QUIT", String.valueOf(process.pid())).start().waitFor();
    TimeUnit.SECONDS.sleep(1);
  }

  /** Waits for the executor in which the fault happens; returns its process number. */
  long awaitFault(Process process) throws Exception {
    await(process, () -> !left(FaultPlugin.MET).isEmpty());
    return pid(left(FaultPlugin.MET).get(0));
  }

  /** Waits until the store has refused something that often. */
  void awaitRefusals(Process process, int times) throws Exception {
    await(process, () -> left(TroubledFileSystem.REFUSED).size() >= times);
  }

  void awaitIterations(Process process, int iterations) throws Exception {
    await(process, () -> run.iterationsLogged() >= iterations);
  }

  /** Ends a process at once, as {@code kill -9} does, and waits until it has ended. */
  static void kill(long pid) {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
  }

  /** The files left in the control folder whose names begin so. */
  List<Path> left(String beginning) throws IOException {
    try (Stream<Path> files = Files.list(control)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(beginning))
          .sorted()
          .toList();
    }
  }

  static long pid(Path left) {
    String name = left.getFileName().toString();
    return Long.parseLong(name.substring(name.indexOf('-') + 1));
  }

  /** What the command printed. */
  String log() throws IOException {
    return Files.readString(run.log());
  }

  RunFolder folder() {
    return run.run();
  }

  SmallRun small() {
    return run;
  }

  /** Ends what still runs. */
  @Override
  public void close() throws IOException {
    started.forEach(Process::destroyForcibly);
    for (Path executor : left(FaultPlugin.EXECUTOR)) {
      ProcessHandle.of(pid(executor)).ifPresent(ProcessHandle::destroyForcibly);
    }
  }
}
