package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.gridscape.jobs.SparkSubmitLine.GridscapeLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The examples of deploy/ ask for nothing that is not there. */
class DeployTest {
  private static final Path HOME = Path.of(System.getProperty("gridscape.home", ".."));
  private static final Path DEPLOY = HOME.resolve("jobs/deploy").normalize();

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "submit-standalone, spark://spark-master:7077, client",
    "submit-yarn, yarn, client",
    "submit-kubernetes, k8s://https://kubernetes:6443, cluster"
  })
  void scriptsPrepareAndTrain(String script, String master, String mode) throws Exception {
    List<SparkSubmitLine> lines = run(script);
    assertThat(lines)
        .extracting(line -> line.gridscape().command())
        .containsExactly("prepare", "train");
    for (SparkSubmitLine line : lines) {
      assertThat(line.spark().master()).isEqualTo(master);
      assertThat(line.spark().deployMode()).isEqualTo(mode);
      assertThat(line.spark().numExecutors()).isEqualTo("8");
      assertThat(line.gridscape().config().data())
          .as("both see the same data")
          .isEqualTo(lines.get(0).gridscape().config().data());
    }
    assertThat(lines.get(1).gridscape().runId()).isEqualTo("photos");
    assertThat(lines.get(1).gridscape().runs()).isPresent();
  }

  /** Arguments of every call of spark-submit, by way of one that only writes them down. */
  private List<SparkSubmitLine> run(String script) throws Exception {
    Path stub = Files.createDirectories(folder.resolve("bin")).resolve("spark-submit");
    Files.writeString(
        stub,
        """
        #!/bin/sh
        printf '%s\\n' "$@" end-of-call >> "$SPARK_HOME/calls"
        """);
    assertThat(stub.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder = new ProcessBuilder("bash", DEPLOY.resolve(script).toString());
    builder.environment().put("SPARK_HOME", folder.toString());
    succeed(builder);
    return Arrays.stream(Files.readString(folder.resolve("calls")).split("end-of-call\n"))
        .map(call -> SparkSubmitLine.parse(call.lines().toList()))
        .toList();
  }

  @Test
  void scriptsSayThatSparkIsMissing() throws Exception {
    ProcessBuilder builder = new ProcessBuilder("bash", DEPLOY.resolve("submit-yarn").toString());
    builder.environment().remove("SPARK_HOME");
    Process process = builder.redirectErrorStream(true).start();
    assertThat(text(process.getInputStream()))
        .contains("SPARK_HOME: must be the folder of a Spark 3.5 distribution");
    assertThat(process.waitFor()).isNotZero();
  }

  @Test
  void cronLineIsWellFormed() throws Exception {
    List<String> lines =
        Files.readAllLines(DEPLOY.resolve("crontab")).stream()
            .filter(line -> !line.startsWith("#") && !line.matches("[A-Z_]+=\\S+"))
            .toList();
    assertThat(lines).hasSize(1);
    Matcher line = Pattern.compile("(\\d+) (\\d+) \\* \\* \\* (.*)").matcher(lines.get(0));
    assertThat(line.matches()).isTrue();
    String command = line.group(3);
    assertThat(command).as("cron would cut there").doesNotContain("%");
    assertThat(command).contains("flock -n").contains(" deploy/submit-standalone ");
    succeed(new ProcessBuilder("bash", "-n", "-c", command));
  }

  @Test
  void scheduledSparkApplicationTrains() throws Exception {
    Yaml parser = new Yaml(new SafeConstructor(new LoaderOptions()));
    JsonNode application =
        RunFolder.JSON.valueToTree(
            parser.<Map<String, Object>>load(
                Files.readString(DEPLOY.resolve("scheduled-spark-application.yaml"))));
    assertThat(application.path("kind").asText()).isEqualTo("ScheduledSparkApplication");
    assertThat(application.at("/spec/concurrencyPolicy").asText()).isEqualTo("Forbid");
    JsonNode template = application.at("/spec/template");
    assertThat(template.path("sparkVersion").asText())
        .isEqualTo(org.apache.spark.package$.MODULE$.SPARK_VERSION());
    assertThat(template.path("mainClass").asText()).isEqualTo(Gridscape.class.getName());
    SparkSubmitLine.requireKnown(keys(template.path("sparkConf")));
    GridscapeLine line = GridscapeLine.parse(strings(template.path("arguments")));
    assertThat(line.command()).isEqualTo("train");
    assertThat(line.runs()).contains(Path.of("/shared/runs"));
    SparkSubmitLine prepared = run("submit-kubernetes").get(0);
    assertThat(line.config().data())
        .as("what submit-kubernetes prepares")
        .isEqualTo(prepared.gridscape().config().data());
  }

  @Test
  void airflowTasksPrepareTrainAndReadTheResult() throws Exception {
    assumeTrue(python(), "No python3 here: the Airflow example is not read");
    Path reader = folder.resolve("read_dag.py");
    try (InputStream in = DeployTest.class.getResourceAsStream("read_dag.py")) {
      Files.write(reader, in.readAllBytes());
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            "python3", "-B", reader.toString(), DEPLOY.resolve("airflow_dag.py").toString());
    JsonNode dag = RunFolder.JSON.readTree(succeed(builder));
    assertThat(dag.at("/dag/0/max_active_runs").asInt()).isEqualTo(1);
    JsonNode tasks = dag.path("tasks");
    assertThat(tasks.findValuesAsText("id")).containsExactly("prepare", "train", "result");
    assertThat(tasks.at("/1/after").asText()).isEqualTo("prepare");
    assertThat(tasks.at("/2/after").asText()).isEqualTo("train");
    assertThat(tasks.at("/2/trigger_rule").asText()).isEqualTo("all_done");
    for (int task = 0; task < 2; task++) {
      JsonNode submit = tasks.get(task);
      assertThat(submit.path("java_class").asText()).isEqualTo(Gridscape.class.getName());
      SparkSubmitLine.requireKnown(keys(submit.path("conf")));
      assertThat(GridscapeLine.parse(strings(submit.path("application_args"))).command())
          .isEqualTo(submit.path("id").asText());
    }
    assertThat(strings(dag.path("verdicts")))
        .containsExactly("complete", "stopped", "stopped, not of tonight", "failed, no executors");
  }

  @Test
  void imageTakesWhatTheArchiveHolds() throws Exception {
    String archive = Files.readString(HOME.resolve("jobs/src/assembly/tarball.xml"));
    List<String> lines =
        Files.readAllLines(DEPLOY.resolve("Dockerfile")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertThat(lines).allMatch(line -> line.matches("(ARG|FROM|COPY) .*"));
    List<String> sources =
        lines.stream()
            .filter(line -> line.startsWith("COPY "))
            .map(line -> line.split(" ", -1)[1])
            .toList();
    assertThat(sources).containsExactly("lib/application", "conf");
    assertThat(archive)
        .contains(
            "<outputDirectory>lib/application</outputDirectory>", "<include>conf/**</include>");
  }

  @Test
  void launcherIsWellFormed() throws Exception {
    succeed(new ProcessBuilder("bash", "-n", HOME.resolve("jobs/bin/gridscape").toString()));
  }

  private static boolean python() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Standard output of a process that must succeed. */
  private static String succeed(ProcessBuilder builder) throws Exception {
    Process process = builder.start();
    String printed = text(process.getInputStream());
    String errors = text(process.getErrorStream());
    assertThat(process.waitFor()).as(errors).isZero();
    return printed;
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static List<String> keys(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  private static List<String> strings(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
