package org.gridscape.jobs;

import java.nio.file.Files;
import java.util.concurrent.Callable;
import org.gridscape.config.ConfigException;
import org.gridscape.report.HtmlReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes the page of a run anew. */
@Command(
    name = "report",
    description = "Writes report.html of a run, finished or not; needs no network to be read.",
    footer = {"", "Example:", "  gridscape report --run-id quickstart"})
final class ReportCommand implements Callable<Integer> {
  @Mixin private final RunOptions options = new RunOptions();

  @Override
  public Integer call() {
    RunFolder folder = RunFolder.of(options.runs, options.runId("default"));
    if (!Files.exists(folder.config())) {
      throw new ConfigException(
          "Cannot report: no run %s in %s".formatted(folder.runId(), options.runs));
    }
    if (options.dryRun) {
      System.out.printf("Would write %s%n", folder.path().resolve("report.html"));
      return ExitCode.DONE;
    }
    System.out.printf("Report: %s%n", HtmlReport.write(folder.path()));
    return ExitCode.DONE;
  }
}
