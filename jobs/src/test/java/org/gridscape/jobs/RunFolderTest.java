package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.gridscape.config.ConfigException;
import org.gridscape.config.ConfigLayers;
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
  void isCompleteOnlyAtTheIterationsAskedFor() {
    RunFolder folder = RunFolder.of(runs, "a");
    assertThat(folder.isComplete(10)).isFalse();
    folder.writeResult(RunResult.complete(folder, "train").put("iterations", 10));
    assertThat(folder.isComplete(10)).isTrue();
    assertThat(folder.isComplete(20)).isFalse();
  }

  private static Config config(String... overrides) {
    return ConfigLayers.load(Optional.empty(), List.of(overrides));
  }
}
