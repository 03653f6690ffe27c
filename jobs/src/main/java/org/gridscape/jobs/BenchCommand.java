package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.gridscape.config.ConfigException;
import org.gridscape.jobs.bench.Bench;
import org.gridscape.jobs.bench.BenchMarkdown;
import org.gridscape.jobs.bench.BenchPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the engines beside PyTorch. */
@Command(
    name = "bench",
    description =
        "Measures chains and iterations on this machine, every engine and PyTorch in turns, and prints Markdown.",
    footer = {
      "",
      "What the JSON holds stands in jobs/bench/README.md. --quick takes less than 5 minutes: networks of",
      "the quickstart; PyTorch eager and channels-last, compiled for chains alone. Without it",
      "about 25 minutes. Keep the machine free of other work.",
      "",
      "Examples:",
      "  gridscape bench --quick",
      "  gridscape bench --python ~/torch/bin/python --json bench.json --markdown jobs/bench/RESULTS.md",
      "  gridscape bench --only chain/paper/64/"
    })
final class BenchCommand implements Callable<Integer> {
  @Option(names = "--quick", description = "Small networks only: less than 5 minutes.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures as JSON.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Writes the tables, which are printed in any case.")
  private Optional<Path> markdown = Optional.empty();

  @Option(
      names = "--python",
      paramLabel = "PATH",
      defaultValue = "python3",
      description = "Python with torch (default: ${DEFAULT-VALUE}); without it no PyTorch figures.")
  private String python = "python3";

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      description = "Only cases whose names contain TEXT; --dry-run lists them.")
  private Optional<String> only = Optional.empty();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Turns of each contender (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(names = "--dry-run", description = "Print the names of the cases and do nothing.")
  private boolean dryRun;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Override
  public Integer call() {
    Path home = Path.of(System.getProperty("gridscape.home", "."));
    if (dryRun) {
      plan(home, Path.of("bench")).names().forEach(System.out::println);
      return ExitCode.DONE;
    }
    SparkSessions.requireOneNativeThread();
    Stream.concat(json.stream(), markdown.stream()).forEach(BenchCommand::requireFolder);
    Path data = temporaryFolder();
    try {
      Bench bench =
          new Bench(
              plan(home, data),
              python,
              home.resolve("jobs/bench/langevin_torch.py"),
              data,
              cores -> SparkSessions.open(Optional.of("local[%d]".formatted(cores)), "bench"),
              System.err::println);
      ObjectNode results = bench.run(Version.text());
      String tables = BenchMarkdown.render(results);
      json.ifPresent(file -> write(file, results.toPrettyString() + "\n"));
      markdown.ifPresent(file -> write(file, tables));
      System.out.print(tables);
      return ExitCode.DONE;
    } finally {
      delete(data);
    }
  }

  private BenchPlan plan(Path home, Path data) {
    if (rounds < 1) {
      throw new ConfigException("Invalid --rounds: %d (must be >= 1)".formatted(rounds));
    }
    Path conf = home.resolve("conf");
    BenchPlan plan =
        quick ? BenchPlan.quick(conf, data, rounds) : BenchPlan.full(conf, data, rounds);
    BenchPlan chosen = only.map(plan::only).orElse(plan);
    if (chosen.names().isEmpty()) {
      throw new ConfigException(
          "Invalid --only: %s (must be part of a name that --dry-run lists)"
              .formatted(only.orElse("")));
    }
    return chosen;
  }

  /** Better now than after the measurement. */
  private static void requireFolder(Path file) {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    if (!Files.isWritable(folder)) {
      throw new ConfigException(
          "Cannot write %s: %s is no folder that can be written to".formatted(file, folder));
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("gridscape-bench");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a temporary folder: " + e.getMessage(), e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      System.err.printf("Cannot delete %s: %s%n", folder, e.getMessage());
    }
  }
}
