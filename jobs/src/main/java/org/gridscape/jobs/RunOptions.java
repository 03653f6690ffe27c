package org.gridscape.jobs;

import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridscape.config.ConfigException;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.energy.EngineKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that every command has. */
final class RunOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration (HOCON); without it the defaults of reference.conf.")
  Optional<Path> config = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides one setting; may be repeated.")
  List<String> overrides = new ArrayList<>();

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "Name of the run; by default that of the configuration file.")
  Optional<String> runId = Optional.empty();

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "Folder of all runs (default: ${DEFAULT-VALUE}).")
  Path runs = Path.of("runs");

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark master (default: local[*]; under spark-submit its own).")
  Optional<String> master = Optional.empty();

  @Option(
      names = "--max-wall-time",
      paramLabel = "DURATION",
      converter = WallTime.class,
      description =
          "Stop after the iteration in which this time has passed, e.g. 90m or 6h; exit code 75.")
  Optional<Duration> maxWallTime = Optional.empty();

  @Option(
      names = "--require-gpu",
      description =
          "Compute only on GPUs that Spark grants, one an executor: see conf/spark-gpu.conf.")
  boolean requireGpu;

  /** The engine of the configuration, once that is loaded. */
  Optional<EngineKind> engine = Optional.empty();

  @Option(names = "--dry-run", description = "Print the resolved plan and do nothing.")
  boolean dryRun;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  /** The configuration given, resolved and checked. */
  RunConfig load() {
    RunConfig loaded = RunConfig.of(ConfigLayers.load(config, overrides)).located();
    computeWith(loaded.engine());
    return loaded;
  }

  /**
   * Settles the engine.
   *
   * @throws ConfigException if it cannot compute on the GPU asked for
   */
  void computeWith(EngineKind kind) {
    if (requireGpu && kind == EngineKind.FUSED) {
      throw new ConfigException(
          "Invalid training.engine: fused (must be reference with --require-gpu:"
              + " the fused engine is for CPU; build with mvn -Pcuda)");
    }
    engine = Optional.of(kind);
  }

  /** The run id given, or the name of the configuration file, or {@code otherwise}. */
  String runId(String otherwise) {
    return runId.orElseGet(
        () ->
            config
                .map(file -> file.getFileName().toString().replaceFirst("\\.conf$", ""))
                .orElse(otherwise));
  }

  /** Reads a duration as the configuration does. */
  static final class WallTime implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return ConfigValueFactory.fromAnyRef(text).atKey("time").getDuration("time");
      } catch (com.typesafe.config.ConfigException e) {
        throw new TypeConversionException("\"" + text + "\" (must be like 90m or 6h)");
      }
    }
  }
}
