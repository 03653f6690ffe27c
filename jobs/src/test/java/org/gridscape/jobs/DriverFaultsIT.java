package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A driver killed anywhere loses nothing and changes nothing. */
class DriverFaultsIT {
  private static final int LONGEST_PAUSE_MILLIS = 500;

  @TempDir private static Path folder;
  private static String undisturbed = "";

  @BeforeAll
  static void trainUndisturbed() {
    undisturbed = FaultRun.undisturbed(folder);
  }

  @Tag("faults")
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void driverKilledAtARandomMoment(int seed) throws Exception {
    try (FaultRun run = new FaultRun(folder, "random-" + seed)) {
      Random random = new Random(seed);
      Process process = run.train();
      run.awaitIterations(process, random.nextInt(SmallRun.ITERATIONS - 2));
      TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
      FaultRun.kill(process.pid());
      assertThat(run.folder().result()).isEmpty();
      long iterations = run.small().iterationsLogged();
      run.requireDone(run.train(), undisturbed);
      FaultTable.add(
          "05" + (char) ('a' + seed - 1),
          "driver killed at a random moment (seed %d)".formatted(seed),
          "SIGKILL to the driver when %d iterations were logged".formatted(iterations),
          "the executors ended; the same command took over the lock and went on",
          FaultTable.SAME);
    }
  }

  @Test
  void driverKilledWhileItWritesACheckpoint() throws Exception {
    try (FaultRun run = new FaultRun(folder, "checkpoint")) {
      Path store = folder.resolve("store");
      run.set("checkpoint.folder", "troubled:" + store)
          .trouble(
              TroubledFileSystem.Operation.WRITE_FOR_EVER,
              ".*/iteration-00000006/grid-32-average.zip",
              "none");
      Process process = run.train();
      run.awaitRefusals(process, 1);
      FaultRun.kill(process.pid());
      Path torn = store.resolve("checkpoint/checkpoints/iteration-00000006");
      assertThat(torn.resolve("grid-32-average.zip")).isNotEmptyFile();
      assertThat(torn.resolve("commit.json")).doesNotExist();
      run.heal();
      run.requireDone(run.trainLocally(), undisturbed);
      assertThat(run.log())
          .contains("Cannot use checkpoint troubled:" + torn + ": commit.json is missing")
          .contains("Continuing run checkpoint after iteration 4");
      row();
    }
  }

  private static void row() throws IOException {
    FaultTable.add(
        "05d",
        "driver killed during a checkpoint",
        "SIGKILL to the driver in the middle of a file of iteration 6's checkpoint (a store that"
            + " does not return)",
        "the same command passed over the torn checkpoint with a warning and went on after"
            + " iteration 4",
        FaultTable.SAME);
  }
}
