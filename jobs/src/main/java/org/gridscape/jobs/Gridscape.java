package org.gridscape.jobs;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** The command line; also the main class for spark-submit. */
@Command(
    name = "gridscape",
    description = "Distributed training of energy-based generative ConvNets on Apache Spark.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    subcommands = {
      QuickstartCommand.class,
      PrepareCommand.class,
      TrainCommand.class,
      SampleCommand.class,
      EvaluateCommand.class,
      ReportCommand.class,
      ReplayCommand.class,
      CompareStartsCommand.class,
      ExperimentCommand.class,
      ClassifierCommand.class,
      BenchCommand.class,
      DoctorCommand.class
    },
    footer = {
      "",
      "Start with:  gridscape quickstart",
      "",
      "Exit codes:  0 done, 2 usage, 65 bad data, 69 too few or unfit executors,",
      "             70 internal, 74 file store, 75 stopped or locked but resumable,",
      "             76 diverged."
    })
public final class Gridscape {
  private Gridscape() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs one command; returns its exit code, see {@link ExitCode}. */
  static int run(String... args) {
    CommandLine commandLine = commandLine();
    if (args.length == 0) {
      commandLine.usage(System.out);
      return ExitCode.USAGE;
    }
    return commandLine.execute(args);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Gridscape()).setExecutionExceptionHandler(new FailureReport());
  }

  /** Says in one line what went wrong. */
  private static final class FailureReport implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(
        Exception thrown, CommandLine commandLine, ParseResult parsed) {
      JobFailure failure = JobFailure.of(thrown);
      commandLine.getErr().println("gridscape: " + failure.message());
      if (failure.exitCode() == ExitCode.INTERNAL) {
        thrown.printStackTrace(commandLine.getErr());
      }
      return failure.exitCode();
    }
  }
}
