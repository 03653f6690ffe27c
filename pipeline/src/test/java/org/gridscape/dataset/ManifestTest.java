package org.gridscape.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.gridscape.image.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  private static final Manifest MANIFEST =
      new Manifest(
          1,
          new TreeMap<>(),
          new ImageShape(3, 4),
          List.of("boot", "shirt"),
          List.of(
              new Manifest.Shard("a", "train", 3, 10, "ff"),
              new Manifest.Shard("b", "heldout", 2, 10, "ff")),
          List.of(1.5, 2.0, 0.1),
          List.of(1.0, 2.0, 1e-9),
          new Manifest.ColourTable("colours.f32", 3, 36, "00"),
          6,
          List.of(new Manifest.Reject("x/ä.png", "because")),
          "cafe");

  @Test
  void survivesItsJson(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve("manifest.json"), MANIFEST.toJson());
    assertThat(Manifest.read(folder.toString())).isEqualTo(MANIFEST);
    assertThat(MANIFEST.trainCount()).isEqualTo(3);
    assertThat(MANIFEST.heldOutCount()).isEqualTo(2);
  }

  @Test
  void readsManifestsWrittenBeforeThereWereClasses(@TempDir Path folder) throws IOException {
    String json = new String(MANIFEST.toJson(), StandardCharsets.UTF_8);
    String older = json.replaceFirst("\\s+\"classes\" : \\[.*?],", "");
    assertThat(older).doesNotContain("classes");
    Files.writeString(folder.resolve("manifest.json"), older);
    Manifest read = Manifest.read(folder.toString());
    assertThat(read.classes()).isEmpty();
    assertThat(read.shards()).isEqualTo(MANIFEST.shards());
  }

  @Test
  void saysHowToPrepareWhatIsMissing(@TempDir Path folder) {
    assertThatThrownBy(() -> Manifest.read(folder.toString()))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot find a prepared data set: file:%s/manifest.json is missing (make it with: gridscape prepare)",
            folder);
  }

  @Test
  void refusesOtherVersions(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("manifest.json"), "{\"formatVersion\": 2, \"more\": []}");
    assertThatThrownBy(() -> Manifest.read(folder.toString()))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot read manifest: %s: Invalid format version: 2 (must be 1)", folder);
  }

  @Test
  void refusesDamagedColours(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve("colours.f32"), new byte[36]);
    assertThatThrownBy(() -> MANIFEST.colours(folder.toString()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("colours.f32 in " + folder + ": SHA-256 is ")
        .hasMessageEndingWith(" (must be 00)");
  }
}
