package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.distribute.RunLock;
import org.gridscape.report.IterationMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that a scheduler starts again and again. */
class ScheduledRunsIT {
  private static final long PATIENCE_SECONDS = 120;

  @TempDir private static Path folder;

  @Test
  void aRunIsExtendedAndDoneAgainForNothing() {
    SmallRun straight = new SmallRun(folder, "straight");
    assertThat(train(straight)).isEqualTo(ExitCode.DONE);

    SmallRun stepwise = new SmallRun(folder, "stepwise");
    assertThat(train(stepwise, "--until", "5")).isEqualTo(ExitCode.DONE);
    assertThat(result(stepwise, "iterations")).isEqualTo("5");
    assertThat(train(stepwise, "--until", "4")).as("done already").isEqualTo(ExitCode.DONE);
    assertThat(result(stepwise, "iterations")).isEqualTo("5");
    assertThat(train(stepwise, "--max-wall-time", "1 ms")).isEqualTo(ExitCode.STOPPED);
    assertThat(result(stepwise, "error"))
        .isEqualTo("Stopped after iteration 5; the same command continues the run");
    assertThat(train(stepwise)).isEqualTo(ExitCode.DONE);
    assertThat(stepwise.parametersSha256()).isEqualTo(straight.parametersSha256());

    String[] longer = {"--set", "training.iterations=" + (SmallRun.ITERATIONS + 2)};
    assertThat(train(stepwise, longer)).isEqualTo(ExitCode.DONE);
    assertThat(result(stepwise, "iterations")).isEqualTo(Integer.toString(SmallRun.ITERATIONS + 2));
    assertThat(stepwise.run().log().read().iterations())
        .extracting(IterationMetrics::iteration)
        .hasSize(SmallRun.ITERATIONS + 2);
    assertThat(train(stepwise)).as("does not shrink").isEqualTo(ExitCode.USAGE);

    SmallRun grown = new SmallRun(folder, "grown");
    String[] from = {"--init-from", "straight", "--until", "1"};
    assertThat(train(grown, from)).isEqualTo(ExitCode.DONE);
    SmallRun drawn = new SmallRun(folder, "drawn");
    assertThat(train(drawn, "--until", "1")).isEqualTo(ExitCode.DONE);
    double learned = observed(grown);
    assertThat(learned).isNotEqualTo(observed(drawn));
    assertThat(learned)
        .as("the first f of the new run is that of the old one's model")
        .isCloseTo(observed(straight), org.assertj.core.data.Percentage.withPercentage(20));
    assertThat(train(new SmallRun(folder, "orphan"), "--init-from", "nobody"))
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aRunThatAnotherProcessWorksOnIsLeftAlone() {
    SmallRun run = new SmallRun(folder, "locked");
    RunFolder path = run.run();
    RunConfig config = RunConfig.of(ConfigLayers.load(Optional.empty(), List.of()));
    RunLock lock = path.lock(config);
    try {
      assertThat(train(run, "--until", "1")).isEqualTo(ExitCode.STOPPED);
      assertThat(path.result()).isEmpty();
      assertThat(path.config()).doesNotExist();
    } finally {
      lock.close();
    }
    assertThat(train(run, "--until", "1")).isEqualTo(ExitCode.DONE);
  }

  /** The second iteration would take an hour. */
  @Test
  void aSignalDoesNotWaitForTheIteration() throws Exception {
    SmallRun run = new SmallRun(folder, "signalled");
    assertThat(train(run, "--until", "1", "--set", "langevin.steps=60000")).isEqualTo(0);
    Process process = run.start("train", "--master", "local[2]", "--set", "langevin.steps=60000");
    awaitLog(run, process, "Continuing run signalled after iteration 1");
    TimeUnit.SECONDS.sleep(2);
    process.destroy();
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ExitCode.STOPPED);
    assertThat(result(run, "status")).isEqualTo("stopped");
    assertThat(run.run().path().resolve("run.lock")).doesNotExist();
  }

  private static void awaitLog(SmallRun run, Process process, String words) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.readString(run.log()).contains(words)) {
      assertThat(process.waitFor(50, TimeUnit.MILLISECONDS)).as("ended early").isFalse();
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
    }
  }

  private static int train(SmallRun run, String... more) {
    String[] options = new String[more.length + 2];
    options[0] = "--master";
    options[1] = "local[2]";
    System.arraycopy(more, 0, options, 2, more.length);
    return Gridscape.run(run.command("train", options));
  }

  private static String result(SmallRun run, String key) {
    return run.run().result().orElseThrow().path(key).asText();
  }

  /** Mean f of observed images on the finest grid at the last iteration logged. */
  private static double observed(SmallRun run) {
    List<IterationMetrics> logged = run.run().log().read().iterations();
    return logged.get(logged.size() - 1).grids().get(1).observedMean();
  }
}
