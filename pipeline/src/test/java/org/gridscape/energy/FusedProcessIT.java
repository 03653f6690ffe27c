package org.gridscape.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that computes with the fused engine and nothing else. */
class FusedProcessIT {

  /**
   * Native memory lies outside the heap, all of which is taken at the start. A network of the test
   * takes about 3 MB: engines that were not freed would take hundreds.
   */
  @Test
  void memoryStaysAndNd4jIsNotLoaded(@TempDir Path folder) throws Exception {
    assumeThat(Path.of("/proc/self/status")).exists();
    Path classes = folder.resolve("classes.log");
    List<String> printed = run(folder.resolve("output.log"), classes);
    List<Long> resident =
        printed.stream()
            .filter(line -> line.startsWith("resident "))
            .map(line -> Long.parseLong(line.substring("resident ".length())))
            .toList();
    assertThat(resident).as("output %s", printed).hasSize(2);
    assertThat(resident.get(1) - resident.get(0)).as("KiB, from %s", resident).isLessThan(16 << 10);
    assertThat(loaded(classes))
        .anyMatch(name -> name.equals("org.gridscape.energy.FusedEngine"))
        .noneMatch(name -> name.startsWith("org.nd4j") || name.startsWith("org.deeplearning4j"));
  }

  private static List<String> run(Path output, Path classes) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms256m",
            "-Xmx256m",
            "-XX:+AlwaysPreTouch",
            "-Xlog:class+load:file=" + classes,
            "-cp",
            System.getProperty("java.class.path"),
            FusedProcess.class.getName());
    NativeThreads.VARIABLES.forEach(variable -> builder.environment().put(variable, "1"));
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly().waitFor();
    List<String> printed = Files.readAllLines(output);
    assertThat(ended).as("ended in time").isTrue();
    assertThat(process.exitValue()).as("exit code, after %s", printed).isZero();
    return printed;
  }

  /** Names of the classes that a log of class loading tells of. */
  private static List<String> loaded(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .filter(line -> line.contains(" source: "))
          .map(line -> line.substring(0, line.indexOf(" source: ")))
          .map(line -> line.substring(line.lastIndexOf(' ') + 1))
          .toList();
    }
  }
}
