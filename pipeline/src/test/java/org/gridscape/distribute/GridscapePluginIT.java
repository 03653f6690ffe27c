package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.dataset.Manifest;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.Fingerprint;
import org.gridscape.energy.NativeThreads;
import org.gridscape.generator.GeneratorStatistics;
import org.gridscape.langevin.ChainStart;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two executor processes, to each of which a made-up GPU is granted, and the driver's pages. */
class GridscapePluginIT {
  @TempDir private static Path folder;
  private static SparkSession session;

  @BeforeAll
  static void open() throws IOException {
    Path home = Path.of(System.getenv("SPARK_HOME"));
    Files.createDirectories(home.resolve("jars"));
    if (Files.notExists(home.resolve("RELEASE"))) {
      Files.createFile(home.resolve("RELEASE"));
    }
    SparkConf conf =
        new SparkConf()
            .setMaster("local-cluster[2,1,1024]")
            .setAppName("devices")
            .set("spark.ui.port", "0")
            .set("spark.ui.prometheus.enabled", "true")
            .set(
                "spark.metrics.conf.*.sink.prometheusServlet.class",
                "org.apache.spark.metrics.sink.PrometheusServlet")
            .set("spark.metrics.conf.*.sink.prometheusServlet.path", "/metrics/prometheus")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.plugins", GridscapePlugin.class.getName())
            .set(GridscapePlugin.ENGINE, ChosenEngine.kind().toString())
            .set("spark.worker.resource.gpu.amount", "1")
            .set("spark.worker.resource.gpu.discoveryScript", eachItsOwn().toString())
            .set("spark.executor.resource.gpu.amount", "1")
            .set("spark.task.resource.gpu.amount", "1")
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .set("spark.executor.memory", "768m")
            .set(
                "spark.executor.extraJavaOptions",
                "-Dorg.bytedeco.javacpp.maxbytes=512m -Dorg.bytedeco.javacpp.maxphysicalbytes=0")
            .set("spark.cores.max", "2")
            .set("spark.scheduler.minRegisteredResourcesRatio", "1.0")
            .set("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s");
    NativeThreads.VARIABLES.forEach(variable -> conf.setExecutorEnv(variable, "1"));
    session = SparkSession.builder().config(conf).getOrCreate();
  }

  @AfterAll
  static void close() {
    session.stop();
  }

  /** Workers of one machine see the same GPUs: the first to ask has the first one. */
  private static Path eachItsOwn() throws IOException {
    Path script =
        Files.createFile(
            folder.resolve("discover"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    String taken = folder.resolve("taken").toString();
    return Files.writeString(
        script,
        """
        #!/bin/sh
        if mkdir '%s' 2>/dev/null; then address=0; else address=1; fi
        echo "{\\"name\\": \\"gpu\\", \\"addresses\\": [\\"$address\\"]}"
        """
            .formatted(taken));
  }

  @Test
  void executorsSayWhatTheyAreAndHaveDifferentDevices() throws InterruptedException {
    List<ExecutorReport> reports = ExecutorReports.await(2, 120);
    assertThat(reports).extracting(ExecutorReport::executor).containsExactlyInAnyOrder("0", "1");
    assertThat(reports)
        .extracting(ExecutorReport::device)
        .containsExactlyInAnyOrder("GPU 0 (granted)", "GPU 1 (granted)");
    assertThat(reports)
        .allSatisfy(
            report -> {
              assertThat(report.isFit()).as(report.refusal()).isTrue();
              assertThat(report.heap()).isBetween(700L << 20, 768L << 20);
              assertThat(report.nativeLimit()).isEqualTo(512L << 20);
              assertThat(report.processLimit()).isZero();
              assertThat(report.cores()).isPositive();
              assertThat(report.fingerprint())
                  .isEqualTo(Fingerprint.of(ChosenEngine.kind()).toString());
              assertThat(report.line()).doesNotContain("\n");
            });
    List<String> reported = reports.stream().map(r -> r.executor() + " " + r.device()).toList();
    List<String> inTasks =
        TinyRun.context(session)
            .parallelize(List.of(0, 1), 2)
            .map(task -> SparkEnv.get().executorId() + " " + TaskDevice.current())
            .collect();
    assertThat(inTasks).hasSize(2).isSubsetOf(reported);
  }

  @Test
  void anIterationIsSeenInTheMetricsOfDriverAndExecutors() throws Exception {
    Manifest manifest = TinyRun.prepare(session, folder);
    TrainingPlan plan =
        TinyRun.plan(
            TinyRun.target(folder), manifest, TinyRun.networks(), new ChainStart.MinimalImage(), 1);
    try (Learner learner = new Learner(TinyRun.context(session), plan, TinyRun.RULE)) {
      Learner.Step step = learner.next(TinyRun.initial(plan));
      TrainingGauges.update(step.report(), plan.networks());
      TrainingGauges.checkpointWritten();

      String driver = page("/metrics/prometheus/");
      assertThat(driver).containsPattern("GridscapePlugin_iteration_Value\\{[^}]*} 1\\n");
      assertThat(driver).containsPattern("GridscapePlugin_checkpointsWritten_Value\\{[^}]*} 1\\n");
      assertThat(driver)
          .containsPattern(
              "GridscapePlugin_energyGap_grid_8_Value\\{[^}]*} "
                  + step.report().statistics().get(1).energyGap()
                  + "\\n");
    }
    assertThat(page("/metrics/executors/prometheus/"))
        .contains("metrics_executor_completedTasks_total{")
        .contains("executor_id=\"0\"", "executor_id=\"1\"");
  }

  @Test
  void tasksAddToNamedAccumulators() {
    JavaSparkContext context = TinyRun.context(session);
    TaskTotals totals = TaskTotals.of(context);
    ShardOutcome.Part work =
        new ShardOutcome.Part(
            0,
            8,
            List.of(),
            List.of(),
            GeneratorStatistics.EMPTY,
            List.of(),
            List.of(),
            240,
            0.5,
            0.25,
            Worker.here(ChosenEngine.kind()));
    context.parallelize(List.of(0, 1), 2).foreach(task -> totals.add(work));
    assertThat(totals.images().value()).isEqualTo(16);
    assertThat(totals.chainSteps().value()).isEqualTo(480);
    assertThat(totals.chainSeconds().value()).isEqualTo(1.0);
    assertThat(totals.gradientSeconds().value()).isEqualTo(0.5);
    assertThat(totals.images().name().get()).isEqualTo("images");
  }

  private static String page(String path) throws IOException, InterruptedException {
    int port = URI.create(session.sparkContext().uiWebUrl().get()).getPort();
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return response.body();
  }
}
