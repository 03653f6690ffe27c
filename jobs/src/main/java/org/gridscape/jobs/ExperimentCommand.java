package org.gridscape.jobs;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares methods. */
@Command(
    name = "experiment",
    description = "Compares methods of learning by many runs.",
    subcommands = LadderCommand.class,
    footer = {"", "Example:", "  gridscape experiment ladder"})
final class ExperimentCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
