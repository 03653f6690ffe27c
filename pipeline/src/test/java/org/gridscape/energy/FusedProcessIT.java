package org.gridscape.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that computes with the fused engine and nothing else. */
class FusedProcessIT {

  /**
   * Native memory lies outside the heap, all of which is taken at the start. Every fourth engine
   * has tensors of 4 MB: engines that were not freed were measured to take 78 MB more. The size
   * peaks for a moment now and then, hence the smaller one of two.
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
    assertThat(resident).as("output %s", printed).hasSize(3);
    long later = Math.min(resident.get(1), resident.get(2));
    assertThat(later - resident.get(0)).as("KiB, from %s", resident).isLessThan(16 << 10);
    assertThat(ClassLog.read(classes))
        .contains(FusedEngine.class.getName())
        .noneMatch(ClassLog::isOfNd4j);
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
}
