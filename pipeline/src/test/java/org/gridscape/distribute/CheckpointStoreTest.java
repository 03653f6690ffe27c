package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.Fingerprint;
import org.gridscape.energy.GridNetwork;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.image.ImageBatch;
import org.gridscape.learning.OptimizerState;
import org.gridscape.learning.Recovery;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.gridscape.storage.Patience;
import org.gridscape.storage.StoreException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

class CheckpointStoreTest {
  static final RunIdentity IDENTITY =
      new RunIdentity(
          "reference",
          -7,
          "cafe",
          "a = \"ä\"",
          List.of(
              new Fingerprint(
                  EngineKind.FUSED, "amd64", "Zen 3", "oneDNN 2.5.2", "avx2", "cpu", 17)));
  static final List<GridNetwork> NETWORKS = TinyRun.networks();

  private static final Retention KEEP_1 = new Retention(10, 1, 0, false);
  private static final Retention KEEP_3 = new Retention(10, 3, 0, false);

  private Path folder = Path.of("unset");
  private CheckpointStore store =
      new CheckpointStore("/unset", NETWORKS, GeneratorSpec.NONE, Patience.NONE);

  @BeforeEach
  void openStore(@TempDir Path run) {
    folder = run.resolve("checkpoints");
    store = new CheckpointStore(folder.toString(), NETWORKS, GeneratorSpec.NONE, Patience.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void readsEveryBitThatWasWritten(int cells) {
    ModelState written = state(12, cells);
    store.write(written, IDENTITY, 0.5, KEEP_1);
    Checkpoint read = store.latest().orElseThrow();
    assertThat(read.identity()).isEqualTo(IDENTITY);
    assertThat(read.state().iteration()).isEqualTo(12);
    assertSameBits(read.state().parameters().arrays(), written.parameters().arrays());
    assertSameBits(read.state().average().arrays(), written.average().arrays());
    assertThat(read.state().states()).isEqualTo(written.states());
    for (int grid = 0; grid < NETWORKS.size(); grid++) {
      OptimizerState optimizer = read.state().optimizer().get(grid);
      assertThat(optimizer.updates()).isEqualTo(100 + grid);
      assertSameBits(optimizer.moments(), written.optimizer().get(grid).moments());
    }
  }

  @Test
  void isEmptyBeforeTheFirstCheckpoint() {
    assertThat(store.latest()).isEmpty();
    assertThat(store.isEmpty()).isTrue();
    assertThat(folder).doesNotExist();
  }

  @Test
  void findsTheNewestOfTheIterationsWanted() {
    for (int iteration : new int[] {10, 20, 27}) {
      store.write(state(iteration, 0), IDENTITY, 0.5, KEEP_3);
    }
    assertThat(iteration(store.latest())).hasValue(27);
    assertThat(iteration(store.latest(KEEP_3::isScheduled))).hasValue(20);
    assertThat(iteration(store.latest(i -> i < 20 && KEEP_3.isScheduled(i)))).hasValue(10);
    assertThat(store.latest(i -> i < 10)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grid-4.zip",
        "grid-8-average.zip",
        "grid-8-optimizer.f32",
        "chains.f32",
        "commit.json"
      })
  void fallsBackToTheCheckpointBeforeOneWithADamagedFile(String file) throws IOException {
    store.write(state(10, 2), IDENTITY, 0.5, KEEP_3);
    store.write(state(20, 2), IDENTITY, 0.5, KEEP_3);
    Path damaged = folder.resolve("iteration-00000020").resolve(file);
    byte[] whole = Files.readAllBytes(damaged);
    Files.write(damaged, java.util.Arrays.copyOf(whole, whole.length - 5));
    assertFallsBackTo10();
    Files.write(damaged, new byte[0]);
    assertFallsBackTo10();
    byte[] edited = whole.clone();
    edited[edited.length / 2] ^= 1;
    Files.write(damaged, edited);
    assertFallsBackTo10();
    Files.delete(damaged);
    assertFallsBackTo10();
    Files.write(damaged, whole);
    assertThat(store.latest().orElseThrow().state().iteration()).isEqualTo(20);
  }

  @Test
  void namesTheFileThatDoesNotVerify() throws IOException {
    store.write(state(10, 0), IDENTITY, 0.5, KEEP_3);
    Path checkpoint = folder.resolve("iteration-00000010");
    Files.write(checkpoint.resolve("grid-4.zip"), new byte[3]);
    try (LoggedWarnings warnings = new LoggedWarnings(CheckpointStore.class)) {
      assertThat(store.latest()).isEmpty();
      assertThat(warnings.messages())
          .containsExactly(
              "Cannot use checkpoint %s: grid-4.zip does not have the size and checksum committed"
                  .formatted(checkpoint));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'\"iteration\" : 10', '\"iteration\" : 11'",
    "'\"measure\" : 0.5', '\"measure\" : 0.4'",
    "'\"seed\" : -7', '\"seed\" : 7'",
    "'\"moments\" : 2', '\"moments\" : 2, \"more\" : 1'"
  })
  void refusesARecordThatWasEdited(String before, String after) throws IOException {
    store.write(state(10, 0), IDENTITY, 0.5, KEEP_3);
    String text = Files.readString(commit(10));
    assertThat(text).contains(before);
    Files.writeString(commit(10), text.replace(before, after));
    assertRefuses10("commit.json does not have the checksum that it names");
  }

  @Test
  void refusesTheRecordOfAnotherCheckpoint() throws IOException {
    store.write(state(10, 0), IDENTITY, 0.5, KEEP_3);
    store.write(state(20, 0), IDENTITY, 0.5, KEEP_3);
    Files.copy(commit(20), commit(10), StandardCopyOption.REPLACE_EXISTING);
    Files.delete(commit(20));
    assertThat(store.isEmpty()).isFalse();
    try (LoggedWarnings warnings = new LoggedWarnings(CheckpointStore.class)) {
      assertThat(store.latest()).isEmpty();
      assertThat(warnings.messages())
          .containsExactly(
              "Cannot use checkpoint %s/iteration-00000020: commit.json is missing: it was not written to its end"
                  .formatted(folder),
              "Cannot use checkpoint %s/iteration-00000010: commit.json is of iteration 20"
                  .formatted(folder));
    }
  }

  @Test
  void refusesAnOlderFormat() throws IOException {
    store.write(state(10, 0), IDENTITY, 0.5, KEEP_3);
    String text = Files.readString(commit(10));
    Files.writeString(commit(10), text.replace("\"formatVersion\" : 2", "\"formatVersion\" : 1"));
    assertRefuses10(
        "format version 1 (must be 2: go on with the Gridscape that wrote it, or start the run anew)");
    Files.writeString(commit(10), "[]");
    assertRefuses10("commit.json is no JSON object");
  }

  @Test
  void aFolderWithoutACommitRecordIsNoCheckpoint() throws IOException {
    Path partial = folder.resolve("iteration-00000011");
    Files.createDirectories(partial);
    Files.write(partial.resolve("grid-4.zip"), new byte[9]);
    Files.write(partial.resolve("leftover"), new byte[9]);
    assertThat(store.isEmpty()).isTrue();
    assertThat(store.latest()).isEmpty();
    store.write(state(11, 0), IDENTITY, 0.5, KEEP_3);
    assertThat(iteration(store.latest())).hasValue(11);
    assertThat(partial.resolve("leftover")).doesNotExist();
    Files.delete(commit(11));
    CheckpointStore later =
        new CheckpointStore(folder.toString(), NETWORKS, GeneratorSpec.NONE, Patience.NONE);
    later.write(state(12, 0), IDENTITY, 0.5, KEEP_3);
    assertThat(names()).containsExactly("iteration-00000012");
  }

  @Test
  void keepsWhatRetentionSays() throws IOException {
    Retention retention = new Retention(5, 1, 4, true);
    double[] measures = {9, 1, 0.5, 2, 3, 3, 3};
    for (int i = 0; i < measures.length; i++) {
      store.write(state(i + 1, 0), IDENTITY, measures[i], retention);
    }
    assertThat(names())
        .containsExactly(
            "iteration-00000003", "iteration-00000004", "iteration-00000005", "iteration-00000007");
  }

  /** A store of another process knows measures from the records alone. */
  @Test
  void remembersTheBestOneAfterARestart() throws IOException {
    Retention retention = new Retention(100, 1, 0, true);
    store.write(state(1, 0), IDENTITY, 0.25, retention);
    store.write(state(2, 0), IDENTITY, Double.NaN, retention);
    CheckpointStore again =
        new CheckpointStore(folder.toString(), NETWORKS, GeneratorSpec.NONE, Patience.NONE);
    again.write(state(3, 0), IDENTITY, 0.5, retention);
    assertThat(names()).containsExactly("iteration-00000001", "iteration-00000003");
  }

  /** They are damaged, or of a course that the run has left. */
  @Test
  void deletesLaterOnes() throws IOException {
    store.write(state(10, 0), IDENTITY, 0.5, KEEP_3);
    store.write(state(20, 0), IDENTITY, 0.5, KEEP_3);
    store.write(state(11, 0), IDENTITY, 0.5, KEEP_3);
    assertThat(names()).containsExactly("iteration-00000010", "iteration-00000011");
  }

  @Test
  void writesOverACheckpointOfTheSameIteration() {
    store.write(state(10, 2), IDENTITY, 0.5, KEEP_3);
    ModelState again = state(10, 0);
    store.write(again, IDENTITY, 0.5, KEEP_3);
    assertThat(store.latest().orElseThrow().state().states()).isEmpty();
  }

  @Test
  void modelsOpenInDl4jAndGiveTheSameEnergy() throws IOException {
    ModelState state = state(1, 0);
    store.write(state, IDENTITY, 0.5, KEEP_1);
    Path checkpoint = folder.resolve("iteration-00000001");
    for (int grid = 0; grid < NETWORKS.size(); grid++) {
      GridNetwork network = NETWORKS.get(grid);
      ImageBatch images = new ImageBatch(network.shape(), 3, values(3 * network.shape().size(), 9));
      int side = network.shape().side();
      MultiLayerNetwork opened =
          ModelSerializer.restoreMultiLayerNetwork(
              checkpoint.resolve("grid-%d.zip".formatted(side)).toFile());
      float[] theirs =
          opened
              .output(Nd4j.createFromArray(images.pixels()).reshape(3, 1, side, side))
              .toFloatVector();
      try (EnergyEngine engine = ChosenEngine.kind().create(network)) {
        engine.load(state.parameters().arrays().get(grid));
        assertThat(engine.values(images)).containsExactly(theirs, offset(1e-3f));
      }
    }
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    Files.writeString(folder, "a file");
    assertThatThrownBy(() -> store.write(state(1, 0), IDENTITY, 0.5, KEEP_1))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot write checkpoint %s/iteration-00000001: ".formatted(folder))
        .hasMessageEndingWith(" (there is no whole checkpoint yet)");
  }

  private Path commit(int iteration) {
    return folder.resolve("iteration-%08d".formatted(iteration)).resolve("commit.json");
  }

  private static Optional<Integer> iteration(Optional<Checkpoint> checkpoint) {
    return checkpoint.map(found -> found.state().iteration());
  }

  private void assertRefuses10(String reason) {
    try (LoggedWarnings warnings = new LoggedWarnings(CheckpointStore.class)) {
      assertThat(store.latest()).isEmpty();
      assertThat(warnings.messages())
          .containsExactly(
              "Cannot use checkpoint %s/iteration-00000010: %s".formatted(folder, reason));
    }
  }

  private void assertFallsBackTo10() {
    try (LoggedWarnings warnings = new LoggedWarnings(CheckpointStore.class)) {
      assertThat(store.latest().orElseThrow().state().iteration()).isEqualTo(10);
      assertThat(warnings.messages())
          .singleElement()
          .asString()
          .startsWith("Cannot use checkpoint " + folder.resolve("iteration-00000020") + ": ");
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return new ArrayList<>(entries.map(e -> e.getFileName().toString()).sorted().toList());
    }
  }

  static ModelState state(int iteration, int cells) {
    List<OptimizerState> optimizer =
        IntStream.range(0, NETWORKS.size())
            .mapToObj(
                grid ->
                    new OptimizerState(
                        100 + grid,
                        List.of(
                            values(NETWORKS.get(grid).parameterCount(), 20 + grid),
                            values(NETWORKS.get(grid).parameterCount(), 30 + grid))))
            .toList();
    List<List<ImageBatch>> chains =
        IntStream.range(0, cells)
            .mapToObj(
                cell ->
                    NETWORKS.stream()
                        .map(
                            network ->
                                new ImageBatch(
                                    network.shape(),
                                    2,
                                    values(2 * network.shape().size(), 40 + cell)))
                        .toList())
            .toList();
    return new ModelState(
        iteration,
        parameters(iteration),
        parameters(50),
        Optional.empty(),
        optimizer,
        chains,
        new Recovery(2, 1, 0.25, 10));
  }

  private static Parameters parameters(int cell) {
    return new Parameters(
        NETWORKS.stream().map(network -> values(network.parameterCount(), cell)).toList());
  }

  private static float[] values(int count, int cell) {
    float[] values = new float[count];
    NoiseStream.of(1, NoiseStream.Purpose.DATA).normals(NoiseAddress.of(0, cell), values);
    values[0] = -0f;
    values[1] = Float.MIN_VALUE;
    return values;
  }

  private static void assertSameBits(List<float[]> found, List<float[]> expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(bits(found.get(i))).containsExactly(bits(expected.get(i)));
    }
  }

  private static int[] bits(float[] values) {
    return IntStream.range(0, values.length).map(i -> Float.floatToRawIntBits(values[i])).toArray();
  }
}
