package org.gridscape.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.gridscape.energy.NativeThreads;

/** A run on the embedded images that takes seconds, in this process or in one of its own. */
record SmallRun(Path folder, String runId) {
  static final int ITERATIONS = 12;

  /** As tests are told to take it: see CONTRIBUTING.md. */
  static final String ENGINE = System.getProperty("gridscape.test.engine", "auto");

  String[] command(String name, String... more) {
    List<String> command = new ArrayList<>(List.of(name));
    command.addAll(List.of("--runs", folder.resolve("runs").toString(), "--run-id", runId));
    for (String setting :
        List.of(
            "data.target=\"" + folder.resolve("data") + "\"",
            "data.shards=2",
            "pyramid.sides=[1,8,32]",
            "energy.networks.8=\"3x3-8, dense 1\"",
            "energy.networks.32=\"5x5/2-8, 3x3/2-8, dense 1\"",
            "langevin.steps=5",
            "training.engine=" + ENGINE,
            "training.iterations=" + ITERATIONS,
            "training.batch=16",
            "training.cellSize=4",
            "checkpoint.every=2",
            "sampling.count=40",
            "sampling.sheet=16",
            "sampling.every=6")) {
      command.addAll(List.of("--set", setting));
    }
    command.addAll(List.of(more));
    return command.toArray(String[]::new);
  }

  /** Starts the command in a Java process of its own, as the launcher would. */
  Process start(String name, String... more) throws IOException {
    return start(List.of(), name, more);
  }

  /** The same with more options of Java's. */
  Process start(List<String> javaOptions, String name, String... more) throws IOException {
    return launch(javaOptions, log(), command(name, more));
  }

  /** Starts any command in a Java process of its own. */
  static Process launch(List<String> javaOptions, Path log, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-Dorg"))
            .toList());
    command.addAll(javaOptions);
    command.addAll(
        List.of("-Xmx1g", "-cp", System.getProperty("java.class.path"), Gridscape.class.getName()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    NativeThreads.VARIABLES.forEach(variable -> builder.environment().put(variable, "1"));
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  Path log() {
    return folder.resolve(runId + ".log");
  }

  RunFolder run() {
    return RunFolder.of(folder.resolve("runs"), runId);
  }

  String parametersSha256() {
    return run().result().orElseThrow().path("parametersSha256").asText();
  }

  /** Iterations logged so far. */
  long iterationsLogged() throws IOException {
    Path file = run().log().file();
    if (!Files.exists(file)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    }
  }
}
