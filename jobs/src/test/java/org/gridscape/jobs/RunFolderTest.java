package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.gridscape.config.ConfigException;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir private Path runs;

  @Test
  void sameConfigurationClaimsAgain() {
    RunFolder folder = RunFolder.of(runs, "a");
    folder.claim(config());
    folder.claim(config());
    assertThat(folder.config()).exists();
  }

  @Test
  void changedConfigurationIsRefusedByKey() {
    RunFolder folder = RunFolder.of(runs, "a");
    folder.claim(config());
    assertThatThrownBy(() -> folder.claim(config("langevin.steps=5", "training.seed=9")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Cannot continue run a: its configuration had other values of langevin.steps,"
                + " training.seed (must be the same; choose another --run-id, or delete %s)",
            folder.path());
  }

  @Test
  void samplingAndCheckpointsMayChange() {
    RunFolder folder = RunFolder.of(runs, "a");
    folder.claim(config());
    folder.claim(config("sampling.count=3", "checkpoint.every=1"));
    assertThat(ConfigLayers.load(Optional.of(folder.config()), List.of()).getInt("sampling.count"))
        .isEqualTo(3);
  }

  @Test
  void clusterMayChangeAndARunMayGrowButNotShrinkOrMove() {
    RunFolder folder = RunFolder.of(runs, "a");
    folder.claim(config("training.iterations=10"));
    folder.claim(config("training.iterations=20", "cluster.determinism=warn"));
    assertThatThrownBy(() -> folder.claim(config("training.iterations=19")))
        .hasMessageContaining("had other values of training.iterations (must be the same;");
    assertThatThrownBy(
            () -> folder.claim(config("training.iterations=20", "checkpoint.folder=elsewhere")))
        .hasMessageContaining("had other values of checkpoint.folder (must be the same;");
  }

  /** What is compared with others has the schedules of its length. */
  @Test
  void aRunThatIsComparedMayNotGrowEither() {
    RunFolder folder = RunFolder.of(runs, "a");
    folder.requireSameCourse(config("training.iterations=10"));
    folder.claim(config("training.iterations=10"));
    folder.requireSameCourse(config("training.iterations=10", "sampling.count=3"));
    assertThatThrownBy(() -> folder.requireSameCourse(config("training.iterations=20")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("had other values of training.iterations (must be the same;");
  }

  @Test
  void isCompleteOnlyAtTheIterationsAskedFor() {
    RunFolder folder = RunFolder.of(runs, "a");
    assertThat(folder.isComplete(10)).isFalse();
    folder.writeResult(RunResult.complete(folder, "train").put("iterations", 10));
    assertThat(folder.isComplete(10)).isTrue();
    assertThat(folder.isComplete(9)).isTrue();
    assertThat(folder.isComplete(20)).isFalse();
  }

  @Test
  void checkpointsLieInTheRunsFolderUnlessTheConfigurationWantsThemElsewhere() {
    RunFolder folder = RunFolder.of(runs, "a");
    assertThat(folder.storedBy(RunConfig.of(config())).checkpoints())
        .isEqualTo(folder.path() + "/checkpoints");
    RunConfig elsewhere = RunConfig.of(config("checkpoint.folder=\"" + runs + "/far/away\""));
    assertThat(folder.storedBy(elsewhere).checkpoints())
        .isEqualTo(runs + "/far/away/a/checkpoints");
  }

  @Test
  void theResultLiesBesideTheCheckpointsToo() {
    RunFolder folder =
        RunFolder.of(runs, "a")
            .storedBy(RunConfig.of(config("checkpoint.folder=\"" + runs + "/far\"")));
    folder.writeResult(RunResult.complete(folder, "train").put("iterations", 10));
    assertThat(runs.resolve("far/a/result.json"))
        .hasSameTextualContentAs(folder.path().resolve("result.json"));
  }

  /** The store may be what failed. */
  @Test
  void aStoreThatRefusesTheResultHidesNothing() throws IOException {
    Files.writeString(runs.resolve("far"), "a file");
    RunFolder folder =
        RunFolder.of(runs, "a")
            .storedBy(RunConfig.of(config("checkpoint.folder=\"" + runs + "/far\"")));
    folder.writeResult(RunResult.complete(folder, "train").put("iterations", 10));
    assertThat(folder.isComplete(10)).isTrue();
  }

  private static Config config(String... overrides) {
    return ConfigLayers.load(Optional.empty(), List.of(overrides));
  }
}
