package org.gridscape.jobs;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.gridscape.evaluate.StatisticsFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The statistics of the images of two files together. */
@Command(
    name = "merge",
    description =
        "Adds two statistics files: the result is that of all their images together. Both must name n.",
    footer = {"", "Example:", "  gridscape evaluate merge monday.npz tuesday.npz --out both.npz"})
final class EvaluateMergeCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "A.npz")
  private String first = "";

  @Parameters(index = "1", paramLabel = "B.npz")
  private String second = "";

  @Option(
      names = "--out",
      paramLabel = "C.npz",
      required = true,
      description = "Where to write the sum.")
  private String out = "";

  @Option(names = "--json", paramLabel = "FILE", description = "Write what was merged as JSON too.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Override
  public Integer call() {
    StatisticsFile one = StatisticsFiles.read(first);
    StatisticsFile other = StatisticsFiles.read(second);
    StatisticsFile sum =
        StatisticsFiles.checked(() -> one.merge(first, other, second))
            .createdAt(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    StatisticsFiles.checked(() -> one.requireComparable(first, other, second))
        .forEach(warning -> System.out.printf("note: %s%n", warning));
    sum.write(out);
    System.out.printf("%s: %s%n", out, StatisticsFiles.describe(sum));
    JsonFile.write(json, StatisticsFiles.json(sum));
    return ExitCode.DONE;
  }
}
