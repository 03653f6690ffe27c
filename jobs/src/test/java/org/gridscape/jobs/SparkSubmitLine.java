package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.spark.deploy.SparkSubmitArguments;
import org.apache.spark.internal.config.ConfigEntry$;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import picocli.CommandLine.ParseResult;
import scala.collection.JavaConverters;

/** What an example asks of spark-submit and of Gridscape, read by both without running anything. */
record SparkSubmitLine(SparkSubmitArguments spark, GridscapeLine gridscape) {

  /** The arguments after the jar. */
  record GridscapeLine(String command, RunConfig config, Optional<Path> runs, String runId) {

    /**
     * Parses as the command line does and resolves the configuration, that file among {@code conf/}
     * of the checkout that has the same name.
     */
    static GridscapeLine parse(List<String> arguments) {
      ParseResult parsed =
          Gridscape.commandLine().parseArgs(arguments.toArray(String[]::new)).subcommand();
      Optional<Path> file = parsed.matchedOptionValue("--config", Optional.<Path>empty());
      List<String> overrides = parsed.matchedOptionValue("--set", List.<String>of());
      Path conf = Path.of(System.getProperty("gridscape.home", ".."), "conf");
      RunConfig config =
          RunConfig.of(
              ConfigLayers.load(
                  file.map(given -> conf.resolve(given.getFileName().toString())), overrides));
      return new GridscapeLine(
          parsed.commandSpec().name(),
          config,
          Optional.ofNullable(parsed.matchedOptionValue("--runs", (Path) null)),
          parsed.matchedOptionValue("--run-id", Optional.<String>empty()).orElse(""));
    }
  }

  /** Parses the arguments of spark-submit. */
  static SparkSubmitLine parse(List<String> arguments) {
    SparkSubmitArguments spark =
        new SparkSubmitArguments(
            JavaConverters.asScalaBuffer(arguments).toSeq(),
            new scala.collection.immutable.Map.Map1<>("HADOOP_CONF_DIR", "/etc/hadoop"));
    assertThat(spark.mainClass()).isEqualTo(Gridscape.class.getName());
    assertThat(spark.primaryResource()).endsWith("/gridscape-jobs.jar");
    requireKnown(JavaConverters.mapAsJavaMap(spark.sparkProperties()).keySet());
    return new SparkSubmitLine(
        spark, GridscapeLine.parse(JavaConverters.seqAsJavaList(spark.childArgs())));
  }

  /** Checks that Spark knows the keys; those of Kubernetes belong to a module we do not have. */
  static void requireKnown(Collection<String> keys) {
    // Loads the entries.
    assertThat(org.apache.spark.internal.config.package$.MODULE$.DRIVER_MEMORY()).isNotNull();
    assertThat(keys)
        .allMatch(
            key ->
                key.startsWith("spark.kubernetes.") || ConfigEntry$.MODULE$.findEntry(key) != null);
  }
}
