package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a user of the ladder sees before Spark starts. */
class LadderCommandTest {
  private static final String CONF = "../conf/";

  @TempDir private Path folder;

  /** Exit code and everything printed. */
  private record Outcome(int code, String text) {}

  @Test
  void helpShowsOptionsAndExamples() {
    assertThat(ladder("--help").text())
        .contains("gridscape experiment ladder", "Example", "--rung", "--seeds", "--rates")
        .contains("--divergence-iterations", "--sampling-steps", "--dry-run");
  }

  @Test
  void theFilesThatShipMakeALadder() {
    Outcome outcome =
        ladder(
            "--dry-run",
            "--rung",
            "gcn=" + CONF + "fashion-gcn.conf",
            "--rung",
            "w-gcn=" + CONF + "fashion-w-gcn.conf",
            "--rung",
            "ggcn-short=" + CONF + "fashion-ggcn-short.conf");
    assertThat(outcome.text())
        .contains("rung w-gcn: 150 iterations of batch 64")
        .contains("rung ggcn-short: 150 iterations of batch 64")
        .contains("train and measure ladder-w-gcn-3")
        .contains("train ladder-gcn-2-x16 for 40 iterations")
        .contains("sample ladder-gcn-1 in 0, 5, 10, 20, 30, 60 steps");
    assertThat(outcome.code()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void aMissingFileIsNamedWithItsRung() {
    assertUsage(
        "Cannot read rung gcn: no file " + folder.resolve("fashion-gcn.conf"),
        "--conf-folder",
        folder.toString());
    assertUsage(
        "Cannot read rung b: no file " + folder.resolve("b.conf"),
        "--rung",
        "b=" + folder.resolve("b.conf"));
  }

  @Test
  void wrongOptionsAreNamed() {
    assertUsage("Invalid --rung: b.conf (must be NAME=FILE)", "--rung", "b.conf");
    String rung = "gcn=" + CONF + "fashion-gcn.conf";
    assertUsage("Invalid --rates: -4.0 (must be > 0 and finite)", "--rung", rung, "--rates=1,-4");
    assertUsage(
        "Invalid --config: a.conf (must be left out; --rung NAME=FILE names configurations)",
        "--config",
        "a.conf");
    assertUsage("Invalid --seeds: [1, 1] (must differ)", "--rung", rung, "--seeds", "1,1");
  }

  private void assertUsage(String message, String... options) {
    Outcome outcome = ladder(options);
    assertThat(outcome.text()).contains(message);
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
  }

  private Outcome ladder(String... options) {
    String[] words = new String[options.length + 2];
    words[0] = "experiment";
    words[1] = "ladder";
    System.arraycopy(options, 0, words, 2, options.length);
    StringWriter text = new StringWriter();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    int code;
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      CommandLine commandLine = Gridscape.commandLine();
      commandLine.setOut(new PrintWriter(text)).setErr(new PrintWriter(text));
      code = commandLine.execute(words);
    } finally {
      System.setOut(before);
    }
    return new Outcome(code, text + printed.toString(StandardCharsets.UTF_8));
  }
}
