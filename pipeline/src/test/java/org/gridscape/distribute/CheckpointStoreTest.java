package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.GridNetwork;
import org.gridscape.image.ImageBatch;
import org.gridscape.learning.OptimizerState;
import org.gridscape.learning.Recovery;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

class CheckpointStoreTest {
  private static final RunIdentity IDENTITY = new RunIdentity("reference", -7, "cafe", "a = \"ä\"");
  private static final List<GridNetwork> NETWORKS = TinyRun.networks();

  private Path folder = Path.of("unset");
  private CheckpointStore store = new CheckpointStore(folder, NETWORKS);

  @BeforeEach
  void openStore(@TempDir Path run) {
    folder = run.resolve("checkpoints");
    store = new CheckpointStore(folder, NETWORKS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void readsEveryBitThatWasWritten(int cells) {
    ModelState written = state(12, cells);
    store.write(written, IDENTITY, 1);
    Checkpoint read = store.latest().orElseThrow();
    assertThat(read.identity()).isEqualTo(IDENTITY);
    assertThat(read.state().iteration()).isEqualTo(12);
    assertSameBits(read.state().parameters().grids(), written.parameters().grids());
    assertSameBits(read.state().average().grids(), written.average().grids());
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
    assertThat(folder).doesNotExist();
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
    store.write(state(10, 2), IDENTITY, 3);
    store.write(state(20, 2), IDENTITY, 3);
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
    store.write(state(10, 0), IDENTITY, 3);
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

  @Test
  void refusesARecordThatWasEdited() throws IOException {
    store.write(state(10, 0), IDENTITY, 3);
    Path commit = folder.resolve("iteration-00000010").resolve("commit.json");
    String text = Files.readString(commit);
    Files.writeString(commit, text.replace("\"iteration\" : 10", "\"iteration\" : 11"));
    assertThat(store.latest()).isEmpty();
    Files.writeString(commit, text.replaceAll("(parametersSha256\" : \")....", "$10000"));
    assertThat(store.latest()).isEmpty();
    Files.writeString(commit, text.replace("\"formatVersion\" : 1", "\"formatVersion\" : 2"));
    try (LoggedWarnings warnings = new LoggedWarnings(CheckpointStore.class)) {
      assertThat(store.latest()).isEmpty();
      assertThat(warnings.messages())
          .singleElement()
          .asString()
          .endsWith("iteration-00000010: format version 2 (must be 1)");
    }
  }

  @Test
  void ignoresWhatAnInterruptedWriteLeft() throws IOException {
    store.write(state(10, 0), IDENTITY, 3);
    Path partial = folder.resolve("iteration-00000011.partial");
    Files.createDirectory(partial);
    Files.write(partial.resolve("grid-4.zip"), new byte[9]);
    assertThat(store.latest().orElseThrow().state().iteration()).isEqualTo(10);
    store.write(state(11, 0), IDENTITY, 3);
    assertThat(store.latest().orElseThrow().state().iteration()).isEqualTo(11);
    assertThat(partial).doesNotExist();
  }

  @Test
  void keepsTheNewest() throws IOException {
    for (int iteration = 1; iteration <= 5; iteration++) {
      store.write(state(iteration, 0), IDENTITY, 2);
    }
    assertThat(names()).containsExactly("iteration-00000004", "iteration-00000005");
  }

  /** A damaged one of a later iteration may not push out what the run goes on from. */
  @Test
  void keepsTheOneJustWrittenBesideADamagedLaterOne() throws IOException {
    store.write(state(10, 0), IDENTITY, 1);
    store.write(state(20, 0), IDENTITY, 3);
    Files.delete(folder.resolve("iteration-00000020").resolve("commit.json"));
    store.write(state(11, 0), IDENTITY, 1);
    assertThat(store.latest().orElseThrow().state().iteration()).isEqualTo(11);
    assertThat(names()).containsExactly("iteration-00000011", "iteration-00000020");
  }

  @Test
  void writesOverACheckpointOfTheSameIteration() {
    store.write(state(10, 2), IDENTITY, 3);
    ModelState again = state(10, 0);
    store.write(again, IDENTITY, 3);
    assertThat(store.latest().orElseThrow().state().states()).isEmpty();
  }

  @Test
  void modelsOpenInDl4jAndGiveTheSameEnergy() throws IOException {
    ModelState state = state(1, 0);
    store.write(state, IDENTITY, 1);
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
        engine.load(state.parameters().grids().get(grid));
        assertThat(engine.values(images)).containsExactly(theirs, offset(1e-3f));
      }
    }
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    Files.writeString(folder, "a file");
    assertThatThrownBy(() -> store.write(state(1, 0), IDENTITY, 1))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith(
            "Cannot write checkpoint %s: ".formatted(folder.resolve("iteration-00000001")));
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

  private static ModelState state(int iteration, int cells) {
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
        iteration, parameters(iteration), parameters(50), optimizer, chains, Recovery.NONE);
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
