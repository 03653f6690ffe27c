package org.gridscape.jobs;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures sets of images against each other. */
@Command(
    name = "evaluate",
    description =
        "Measures images: FID with an interval, KID, Inception Score, precision and more.",
    subcommands = {
      EvaluateCalcCommand.class,
      EvaluateStatsCommand.class,
      EvaluateCompareCommand.class,
      EvaluateMergeCommand.class,
      EvaluateVerifyCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  gridscape evaluate calc samples.zip data/photos --weights inception.onnx",
      "  gridscape evaluate calc runs/quickstart data/fashion-mnist-10k --extractor classifier",
      "  gridscape evaluate stats photos.zip --out photos.npz --weights inception.onnx",
      "  gridscape evaluate calc samples.zip photos.npz --weights inception.onnx --json fid.json"
    })
final class EvaluateCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
