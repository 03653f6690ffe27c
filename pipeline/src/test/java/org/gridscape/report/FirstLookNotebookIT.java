package org.gridscape.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the notebook from start to end; skipped where Jupyter is not on the path. */
class FirstLookNotebookIT {
  private final Path folder;

  FirstLookNotebookIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void runsFromStartToEndOnAFinishedRun() throws IOException, InterruptedException {
    assumeJupyter();
    Path run = MadeUpRun.finished(folder.resolve("run"), 100);
    assertThat(execute(run)).as(this::output).isZero();
    JsonNode notebook = new ObjectMapper().readTree(folder.resolve("executed.ipynb").toFile());
    assertThat(notebook.findValues("image/png")).hasSizeGreaterThan(10);
    assertThat(notebook.toString()).contains("parametersSha256", "dataFingerprint");
  }

  @Test
  void showsWhatThereIsOfARunJustBegun() throws IOException, InterruptedException {
    assumeJupyter();
    assertThat(execute(Files.createDirectory(folder.resolve("run")))).as(this::output).isZero();
    assertThat(Files.readString(folder.resolve("executed.ipynb")))
        .contains("No iteration has been logged.")
        .contains("There are no energies of final samples.");
  }

  @Test
  void saysInOneSentenceThatTheRunIsMissing() throws IOException, InterruptedException {
    assumeJupyter();
    Path missing = folder.resolve("missing");
    assertThat(execute(missing)).isNotZero();
    assertThat(output()).contains("There is no run folder ").contains("in GRIDSCAPE_RUN.");
  }

  private int execute(Path run) throws IOException, InterruptedException {
    ProcessBuilder jupyter =
        new ProcessBuilder(
            "jupyter",
            "nbconvert",
            "--to",
            "notebook",
            "--execute",
            FirstLookNotebook.path().toAbsolutePath().normalize().toString(),
            "--output-dir",
            folder.toString(),
            "--output",
            "executed.ipynb");
    jupyter.environment().put("GRIDSCAPE_RUN", run.toString());
    jupyter.redirectErrorStream(true).redirectOutput(folder.resolve("output.txt").toFile());
    Process process = jupyter.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended in time").isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void assumeJupyter() {
    String path = System.getenv().getOrDefault("PATH", "");
    boolean present =
        Arrays.stream(path.split(File.pathSeparator, -1))
            .anyMatch(bin -> Files.isExecutable(Path.of(bin, "jupyter")));
    assumeTrue(present, "jupyter is not on the PATH");
  }
}
