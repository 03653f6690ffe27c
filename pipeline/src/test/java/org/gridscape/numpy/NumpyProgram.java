package org.gridscape.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Programs for numpy, in the Python that the variable {@code GRIDSCAPE_PYTHON} names, or {@code
 * python3}; tests that need one are skipped where it has no numpy.
 */
public final class NumpyProgram {
  private NumpyProgram() {}

  /** Runs a program that asserts what it must; numpy is {@code np}. */
  public static void run(String program) throws IOException, InterruptedException {
    assumeThat(fails("")).as("what Python says").isEmpty();
    assertThat(fails(program)).isEmpty();
  }

  /** What Python says, empty if it ends well. */
  private static String fails(String program) throws IOException, InterruptedException {
    String python = System.getenv().getOrDefault("GRIDSCAPE_PYTHON", "python3");
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import numpy as np\n" + program)
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : "failed: " + said;
    } catch (IOException e) {
      return "no " + python + ": " + e.getMessage();
    }
  }
}
