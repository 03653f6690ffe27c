package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.gridscape.config.ConfigException;
import org.gridscape.jobs.bench.Bench;
import org.gridscape.jobs.bench.BenchMarkdown;
import org.gridscape.jobs.bench.BenchPlan;
import org.gridscape.jobs.bench.ClusterBench;
import org.gridscape.jobs.bench.ClusterMarkdown;
import org.gridscape.jobs.bench.ResultsFile;
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
      "about 25 minutes; --cluster 6 a round. Keep the machine free of other work. --markdown leaves the",
      "sections of FILE that are not of this measurement as they are.",
      "",
      "Examples:",
      "  gridscape bench --quick",
      "  gridscape bench --python ~/torch/bin/python --json bench.json --markdown jobs/bench/RESULTS.md",
      "  gridscape bench --only chain/paper/64/",
      "  gridscape bench --cluster --json cluster.json --markdown jobs/bench/RESULTS.md"
    })
final class BenchCommand implements Callable<Integer> {
  private static final int ROUNDS = 5;
  private static final int CLUSTER_ROUNDS = 3;

  @Option(names = "--quick", description = "Small networks only: less than 5 minutes.")
  private boolean quick;

  @Option(
      names = "--cluster",
      description =
          "Trains on one and on two executor processes instead and fits a cost model; no PyTorch.")
  private boolean cluster;

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
      description = "Turns of each contender (default: 5, with --cluster 3).")
  private Optional<Integer> rounds = Optional.empty();

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
    rounds(ROUNDS);
    List<String> names = names(home);
    if (dryRun) {
      names.forEach(System.out::println);
      return ExitCode.DONE;
    }
    SparkSessions.requireOneNativeThread();
    Stream.concat(json.stream(), markdown.stream()).forEach(BenchCommand::requireFolder);
    Path data = temporaryFolder();
    try {
      ObjectNode results = cluster ? processes(home, data) : contenders(home, data);
      String tables = cluster ? ClusterMarkdown.render(results) : BenchMarkdown.render(results);
      json.ifPresent(file -> write(file, results.toPrettyString() + "\n"));
      Set<String> owned = cluster ? ClusterMarkdown.SECTIONS : BenchMarkdown.SECTIONS;
      markdown.ifPresent(file -> write(file, ResultsFile.merge(read(file), tables, owned)));
      System.out.print(tables);
      return ExitCode.DONE;
    } finally {
      delete(data);
    }
  }

  private List<String> names(Path home) {
    List<String> names =
        cluster
            ? ClusterBench.names(home.resolve("conf"), only.orElse(""))
            : plan(home, Path.of("bench")).names();
    if (names.isEmpty()) {
      throw new ConfigException(
          "Invalid --only: %s (must be part of a name that --dry-run lists)"
              .formatted(only.orElse("")));
    }
    return names;
  }

  private ObjectNode contenders(Path home, Path data) {
    return new Bench(
            plan(home, data),
            python,
            home.resolve("jobs/bench/langevin_torch.py"),
            data,
            cores -> SparkSessions.open(Optional.of("local[%d]".formatted(cores)), "bench"),
            System.err::println)
        .run(Version.text());
  }

  private ObjectNode processes(Path home, Path data) {
    return ClusterBench.of(
            home.resolve("conf"),
            only.orElse(""),
            rounds(CLUSTER_ROUNDS),
            data,
            executors ->
                SparkSessions.open(
                    Optional.of("local-cluster[%d,1,1024]".formatted(executors)), "bench"),
            System.err::println)
        .run(Version.text());
  }

  private int rounds(int usual) {
    int count = rounds.orElse(usual);
    if (count < 1) {
      throw new ConfigException("Invalid --rounds: %d (must be >= 1)".formatted(count));
    }
    return count;
  }

  private BenchPlan plan(Path home, Path data) {
    int turns = rounds(ROUNDS);
    Path conf = home.resolve("conf");
    BenchPlan plan = quick ? BenchPlan.quick(conf, data, turns) : BenchPlan.full(conf, data, turns);
    return only.map(plan::only).orElse(plan);
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

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
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
