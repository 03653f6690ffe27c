package org.gridscape.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLayersTest {

  @Test
  void everySettingIsExplained() {
    Config reference = ConfigFactory.parseResources(ConfigLayers.class, "reference.conf");
    assertThat(reference.entrySet()).hasSizeGreaterThan(40);
    for (Map.Entry<String, ConfigValue> setting : reference.entrySet()) {
      assertThat(setting.getValue().origin().comments()).as(setting.getKey()).isNotEmpty();
    }
  }

  @Test
  void overridesWinOverTheFileOverThePresetOverTheReference(@TempDir Path folder)
      throws IOException {
    Path file = file(folder, "preset = paper, langevin { steps = 7, noise = 0.5 }");
    Config config = ConfigLayers.load(Optional.of(file), List.of("langevin.steps=8"));
    assertThat(config.getInt("langevin.steps")).isEqualTo(8);
    assertThat(config.getDouble("langevin.noise")).isEqualTo(0.5);
    assertThat(config.getDouble("langevin.referenceDeviation")).isEqualTo(50);
    assertThat(config.getInt("checkpoint.keep")).isEqualTo(3);
    assertThat(ConfigLayers.load(Optional.of(file), List.of("preset=stable")).getInt("data.side"))
        .isEqualTo(32);
  }

  @Test
  void laterOverridesWin() {
    Config config = load("training.seed=1", "training.seed=2");
    assertThat(config.getInt("training.seed")).isEqualTo(2);
  }

  @Test
  void aSettingMayReferToAnother(@TempDir Path folder) throws IOException {
    Path file = file(folder, "training.seed = ${data.seed}");
    Config config = ConfigLayers.load(Optional.of(file), List.of("data.seed=9"));
    assertThat(config.getInt("training.seed")).isEqualTo(9);
  }

  @Test
  void anUnknownSettingOfAFileIsNamedWithItsLineAndTheNearestKnown(@TempDir Path folder)
      throws IOException {
    Path file = file(folder, "data.seed = 1\n\ntraining { itertions = 5 }");
    assertThatThrownBy(() -> ConfigLayers.load(Optional.of(file), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageMatching(
            "Unknown setting: training\\.itertions \\(.*own\\.conf: 3;"
                + " the nearest known one is training\\.iterations\\)");
  }

  @Test
  void anUnknownOverrideIsNamedWithItsText() {
    assertThatThrownBy(() -> load("langevin.step=5"))
        .hasMessage(
            "Unknown setting: langevin.step (--set langevin.step=5: 1;"
                + " the nearest known one is langevin.steps)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "training=5",
        "training.optimizer=adam",
        "pyramid.sides.x=3",
        "a.b=1",
        "a=null",
        "langevin.b={}"
      })
  void rejectsSettingsInTheWrongPlace(String override) {
    assertThatThrownBy(() -> load(override))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("Unknown setting: " + override.replaceAll("=.*", " (--set "));
  }

  @Test
  void aNetworkMayBelongToAnySide() {
    Config config = load("energy.networks.128=\"3x3-8, dense 1\"");
    assertThat(config.getString("energy.networks.128")).isEqualTo("3x3-8, dense 1");
    assertThatThrownBy(() -> load("energy.networks.top=\"3x3-8, dense 1\""))
        .hasMessageStartingWith("Unknown setting: energy.networks.top (");
  }

  @Test
  void rejectsWhatIsNoConfiguration(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("none.conf");
    assertThatThrownBy(() -> ConfigLayers.load(Optional.of(missing), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("Cannot read configuration: no file " + missing);
    Path broken = file(folder, "training {");
    assertThatThrownBy(() -> ConfigLayers.load(Optional.of(broken), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("Cannot read configuration: ")
        .hasMessageContaining("own.conf");
    assertThatThrownBy(() -> load("training.seed"))
        .hasMessage("Invalid override: training.seed (must be key=value)");
    assertThatThrownBy(() -> load("=5")).hasMessage("Invalid override: =5 (must be key=value)");
    assertThatThrownBy(() -> load("training.seed=${nowhere}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("nowhere");
    assertThatThrownBy(() -> load("preset=papers"))
        .hasMessage("Invalid preset: papers (must be one of [paper, release, stable])");
  }

  @ParameterizedTest
  @ValueSource(strings = {"paper", "release", "stable"})
  void whatIsWrittenIsReadAgain(String preset, @TempDir Path folder) throws IOException {
    Config config = load("preset=" + preset, "training.seed=77");
    Path file = file(folder, ConfigLayers.render(config));
    Config read = ConfigLayers.load(Optional.of(file), List.of());
    assertThat(read).isEqualTo(config);
    assertThat(ConfigLayers.differingKeys(ConfigLayers.render(config), read)).isEmpty();
  }

  @Test
  void namesTheKeysThatDiffer() {
    Config config = load();
    Config other = load("training.seed=2", "langevin.noise=0.01", "pyramid.sides=[1,4]");
    assertThat(ConfigLayers.differingKeys(ConfigLayers.render(config), other))
        .containsExactly("langevin.noise", "pyramid.sides", "training.seed");
    Config more = load("energy.networks.128=\"3x3-8, dense 1\"");
    assertThat(ConfigLayers.differingKeys(ConfigLayers.render(config), more))
        .containsExactly("energy.networks.128");
    assertThat(ConfigLayers.differingKeys(ConfigLayers.render(more), config))
        .containsExactly("energy.networks.128");
  }

  private static Config load(String... overrides) {
    return ConfigLayers.load(Optional.empty(), List.of(overrides));
  }

  private static Path file(Path folder, String text) throws IOException {
    return Files.writeString(folder.resolve("own.conf"), text);
  }
}
