package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.gridscape.dataset.Manifest;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.ClassLog;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.FusedEngine;
import org.gridscape.energy.NativeThreads;
import org.gridscape.energy.ReferenceEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two executor processes on this machine, one of which dies, against one core of one process. */
class LocalClusterIT {

  @Test
  void executorProcessesAndTheLossOfOneDoNotChangeTheParameters(
      @TempDir Path data, @TempDir Path classes) throws IOException {
    SparkSession session = TinyRun.session("local[1]");
    Manifest manifest = TinyRun.prepare(session, data);
    TrainingPlan plan = TinyRun.ggcn(TinyRun.target(data), manifest, 1);
    String expected = train(session, plan);
    session.stop();

    Witness witness = new Witness();
    session = cluster(classes);
    session.sparkContext().addSparkListener(witness);
    String undisturbed = train(session, plan);
    List<List<String>> homes = homes(session, plan, 5);
    session.sparkContext().setLocalProperty(HaltingPlugin.HALTED_JOB, "iteration 2:");
    String disturbed = train(session, plan);
    session.stop();

    assertThat(undisturbed).isEqualTo(expected);
    assertThat(homes).as("executor of each shard, iteration by iteration").hasSize(5);
    assertThat(Set.copyOf(homes)).hasSize(1);
    assertThat(Set.copyOf(homes.get(0))).containsExactlyInAnyOrder("0", "1");
    assertThat(disturbed).isEqualTo(expected);
    assertThat(witness.executors()).contains("0", "1").doesNotContain("driver");
    assertThat(witness.removed)
        .filteredOn(reason -> reason.contains("code " + HaltingPlugin.EXIT_CODE))
        .hasSize(1);
    if (ChosenEngine.kind() == EngineKind.FUSED) {
      assertThat(loaded(classes))
          .contains(FusedEngine.class.getName())
          .noneMatch(ClassLog::isOfNd4j);
    } else {
      assertThat(loaded(classes))
          .contains(ReferenceEngine.class.getName())
          .anyMatch(ClassLog::isOfNd4j);
    }
  }

  /** What all executors loaded; one that came late may have had nothing to do. */
  private static List<String> loaded(Path classes) throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> logs = Files.list(classes)) {
      for (Path log : logs.toList()) {
        names.addAll(ClassLog.read(log));
      }
    }
    return names;
  }

  /** Per iteration, the executor that computed each shard. */
  private static List<List<String>> homes(SparkSession session, TrainingPlan plan, int iterations) {
    Aggregation aggregation = Aggregation.of(plan, TinyRun.RULE);
    List<List<String>> homes = new ArrayList<>();
    try (IterationJobs jobs = new IterationJobs(TinyRun.context(session), plan)) {
      IterationInput input = aggregation.input(TinyRun.initial(TinyRun.context(session), plan));
      for (int iteration = 1; iteration <= iterations; iteration++) {
        IterationJobs.Collected collected = jobs.run(iteration, jobs.broadcast(input), aggregation);
        homes.add(collected.parts().stream().map(part -> part.worker().executor()).toList());
      }
    }
    return homes;
  }

  private static String train(SparkSession session, TrainingPlan plan) {
    JavaSparkContext spark = TinyRun.context(session);
    return TinyRun.train(spark, plan, TinyRun.initial(spark, plan), 3).parameters().sha256();
  }

  /** The folder that SPARK_HOME names needs no distribution: executors get this class path. */
  private static SparkSession cluster(Path classes) throws IOException {
    Path home = Path.of(System.getenv("SPARK_HOME"));
    Files.createDirectories(home.resolve("jars"));
    if (Files.notExists(home.resolve("RELEASE"))) {
      Files.createFile(home.resolve("RELEASE"));
    }
    SparkConf conf =
        new SparkConf()
            .setMaster("local-cluster[2,1,1024]")
            .setAppName("two executors")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set(
                "spark.plugins",
                HaltingPlugin.class.getName() + "," + GridscapePlugin.class.getName())
            .set(GridscapePlugin.ENGINE, ChosenEngine.kind().toString())
            .set("spark.executor.extraClassPath", classPath())
            .set("spark.executor.memory", "768m")
            .set(
                "spark.executor.extraJavaOptions",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Xlog:class+load=info:file="
                    + classes.resolve("%p.log"))
            .set("spark.cores.max", "2")
            .set("spark.scheduler.minRegisteredResourcesRatio", "1.0")
            .set("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s")
            .set("spark.locality.wait", "10s");
    NativeThreads.VARIABLES.forEach(variable -> conf.setExecutorEnv(variable, "1"));
    return SparkSession.builder().config(conf).getOrCreate();
  }

  private static String classPath() {
    String path = System.getProperty("java.class.path");
    assertThat(path.split(File.pathSeparator)).as("class path").hasSizeGreaterThan(50);
    return path;
  }

  /** What the scheduler said happened; complete once the session is stopped. */
  private static final class Witness extends SparkListener {
    private final List<String> removed = new CopyOnWriteArrayList<>();
    private final List<String> ran = new CopyOnWriteArrayList<>();

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
      removed.add(event.reason());
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
      ran.add(event.taskInfo().executorId());
    }

    Set<String> executors() {
      return new HashSet<>(ran);
    }
  }
}
