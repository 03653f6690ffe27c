package org.gridscape.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.gridscape.image.ImageFit;
import org.gridscape.image.ImageShape;
import org.junit.jupiter.api.Test;

class DataSettingsTest {

  @Test
  void rejectsWhatNoDataSetCanHave() {
    assertThatThrownBy(() -> settings("x", 0, 0.1, 0, 0))
        .hasMessage("Invalid shards: 0 (must be >= 1)");
    assertThatThrownBy(() -> settings("x", 1, 1.0, 0, 0))
        .hasMessage("Invalid held-out share: 1.0 (must be in [0, 1))");
    assertThatThrownBy(() -> settings("x", 1, Double.NaN, 0, 0))
        .hasMessage("Invalid held-out share: NaN (must be in [0, 1))");
    assertThatThrownBy(() -> settings("x", 1, 0.1, -1, 0))
        .hasMessage("Invalid background: -1 (must be 0 to 255)");
    assertThatThrownBy(() -> settings("x", 1, 0.1, 0, 1.5))
        .hasMessage("Invalid rejected share: 1.5 (must be in [0, 1])");
    assertThatThrownBy(() -> settings(" ", 1, 0.1, 0, 0))
        .hasMessage("Invalid data source: blank (must be a name or a path)");
  }

  @Test
  void namesEverythingButTheTarget() {
    assertThat(settings("x", 3, 0.1, 0, 0).named())
        .hasSize(9)
        .containsEntry("shards", "3")
        .containsEntry("fit", "pad")
        .doesNotContainValue("target");
  }

  @Test
  void namesWhatDiffers() {
    assertThat(
            new ChangedSettingsException(
                "there", settings("x", 3, 0.1, 0, 0).named(), settings("x", 4, 0.2, 0, 0).named()))
        .hasMessage(
            "Cannot prepare there: it holds a data set made with other settings (heldOut: was 0.1, is 0.2; shards: was 3, is 4). Choose another target, or delete that folder to prepare it anew.");
  }

  private static DataSettings settings(
      String source, int shards, double heldOut, int background, double maxRejected) {
    return new DataSettings(
        source,
        "target",
        shards,
        heldOut,
        new ImageShape(1, 4),
        ImageFit.PAD,
        background,
        maxRejected,
        1);
  }
}
