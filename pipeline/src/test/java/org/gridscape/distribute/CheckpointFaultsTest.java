package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.gridscape.distribute.CheckpointStoreTest.IDENTITY;
import static org.gridscape.distribute.CheckpointStoreTest.NETWORKS;
import static org.gridscape.distribute.CheckpointStoreTest.state;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.storage.FaultyFileSystem;
import org.gridscape.storage.FaultyFileSystem.Operation;
import org.gridscape.storage.Patience;
import org.gridscape.storage.StoreException;
import org.gridscape.storage.TestTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints on a store that is not the local disk, and fails. */
class CheckpointFaultsTest {
  private static final Retention KEEP_2 = new Retention(10, 2, 0, false);

  private final TestTime time = new TestTime();
  @TempDir private Path directory;
  private CheckpointStore store = open(Patience.NONE, "/unset");

  @BeforeEach
  void openStore() {
    store = open(new Patience(Duration.ofSeconds(60), time), folder());
  }

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  @Test
  void theCommitRecordComesLastAndNoFolderIsRenamed() {
    store.write(state(10, 2), IDENTITY, 0.5, KEEP_2);
    List<String> changes =
        FaultyFileSystem.calls().stream()
            .filter(call -> call.startsWith("CREATE") || call.startsWith("RENAME"))
            .toList();
    assertThat(changes)
        .containsExactly(
            "CREATE grid-4.zip",
            "CREATE grid-4-average.zip",
            "CREATE grid-4-optimizer.f32",
            "CREATE grid-8.zip",
            "CREATE grid-8-average.zip",
            "CREATE grid-8-optimizer.f32",
            "CREATE chains.f32",
            "CREATE commit.json.tmp",
            "RENAME commit.json");
    assertThat(iteration()).isEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void aStoreThatIsAwayForAWhileIsWaitedFor(Operation operation) {
    store.write(state(10, 0), IDENTITY, 0.5, KEEP_2);
    FaultyFileSystem.fail(operation, "", "Connection refused", 5);
    store.write(state(20, 0), IDENTITY, 0.5, KEEP_2);
    assertThat(iteration()).isEqualTo(20);
    assertThat(time.pauses()).hasSize(5);
  }

  @ParameterizedTest
  @CsvSource({
    "WRITE, grid-8.zip, No space left on device",
    "WRITE, commit.json.tmp, No space left on device",
    "CREATE, grid-4.zip, Read-only file system",
    "CREATE, grid-4.zip, Permission denied"
  })
  void saysWhatStandsInTheWayAndWhereTheRunGoesOn(Operation operation, String file, String reason) {
    store.write(state(10, 0), IDENTITY, 0.5, KEEP_2);
    FaultyFileSystem.fail(operation, file, reason, 1000);
    String checkpoint = folder() + "/iteration-00000020";
    assertThatThrownBy(() -> store.write(state(20, 0), IDENTITY, 0.5, KEEP_2))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "Cannot write checkpoint %s: Cannot write %s/%s: %s (tried 13 times in 60.0 s) (the newest whole checkpoint is iteration-00000010)",
            checkpoint, checkpoint, file.replace(".tmp", ""), reason);
    assertThat(directory.resolve("checkpoints").toFile().list())
        .as("what was begun gives its room back")
        .containsExactly("iteration-00000010");
    FaultyFileSystem.heal();
    assertThat(iteration()).isEqualTo(10);
  }

  @Test
  void whatIsWrittenOverIsNotWhereTheRunGoesOn() {
    store.write(state(10, 0), IDENTITY, 0.5, KEEP_2);
    store.write(state(20, 0), IDENTITY, 0.5, KEEP_2);
    FaultyFileSystem.fail(Operation.WRITE, "grid-8.zip", "No space left on device", 1000);
    assertThatThrownBy(() -> store.write(state(20, 0), IDENTITY, 0.5, KEEP_2))
        .isInstanceOf(StoreException.class)
        .hasMessageEndingWith("(the newest whole checkpoint is iteration-00000010)");
  }

  @Test
  void aRenameThatIsRefusedIsNoCheckpoint() {
    FaultyFileSystem.fail(Operation.RENAME, "commit.json", "", 1000);
    assertThatThrownBy(() -> store.write(state(20, 0), IDENTITY, 0.5, KEEP_2))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("the store did not rename commit.json.tmp")
        .hasMessageEndingWith("(there is no whole checkpoint yet)");
    assertThat(store.isEmpty()).isTrue();
  }

  /** Every change to the store is tried as the last one that a process makes. */
  @ParameterizedTest
  @ValueSource(ints = {20, 10})
  void aProcessThatDiesAtAnyMomentLeavesOneThatIsWhole(int next) {
    Retention retention = new Retention(10, 1, 0, false);
    int died = 0;
    for (boolean written = false; !written; died++) {
      String run = folder() + died;
      CheckpointStore dying = openCoarse(run);
      dying.write(coarse(0), IDENTITY, 0.5, KEEP_2);
      dying.write(coarse(10), IDENTITY, 0.5, KEEP_2);
      FaultyFileSystem.dieAfter(died);
      try {
        dying.write(coarse(next), IDENTITY, 0.5, retention);
        written = !FaultyFileSystem.died();
      } catch (StoreException e) {
        assertThat(e).hasMessageContaining("Killed");
      }
      FaultyFileSystem.heal();
      CheckpointStore again = openCoarse(run);
      assertThat(again.latest().orElseThrow().state().iteration())
          .isIn(next == 10 ? List.of(0, 10) : List.of(10, 20));
      again.write(coarse(next), IDENTITY, 0.5, retention);
      assertThat(again.latest().orElseThrow().state().iteration()).isEqualTo(next);
      assertThat(directory.resolve("checkpoints" + died).toFile().list()).hasSize(1);
    }
    assertThat(died).as("changes tried").isGreaterThan(10);
  }

  /** A state of the coarsest grid alone: the same changes to a store, sooner made. */
  private static ModelState coarse(int iteration) {
    ModelState whole = state(iteration, 0);
    return new ModelState(
        iteration,
        new Parameters(whole.parameters().arrays().subList(0, 1)),
        new Parameters(whole.average().arrays().subList(0, 1)),
        Optional.empty(),
        whole.optimizer().subList(0, 1),
        List.of(),
        whole.recovery());
  }

  private static CheckpointStore openCoarse(String folder) {
    return new CheckpointStore(folder, NETWORKS.subList(0, 1), GeneratorSpec.NONE, Patience.NONE);
  }

  @Test
  void oldOnesThatCannotBeDeletedEndNothing() {
    store.write(state(10, 0), IDENTITY, 0.5, KEEP_2);
    store.write(state(20, 0), IDENTITY, 0.5, KEEP_2);
    FaultyFileSystem.fail(Operation.DELETE, "iteration-00000010", "Permission denied", 1);
    try (LoggedWarnings warnings = new LoggedWarnings(CheckpointStore.class)) {
      store.write(state(30, 0), IDENTITY, 0.5, KEEP_2);
      assertThat(warnings.messages())
          .containsExactly(
              "Cannot tidy checkpoints %s: Cannot delete %s/iteration-00000010: Permission denied"
                  .formatted(folder(), folder()));
    }
    store.write(state(40, 0), IDENTITY, 0.5, KEEP_2);
    assertThat(directory.resolve("checkpoints").toFile().list())
        .containsExactlyInAnyOrder("iteration-00000030", "iteration-00000040");
  }

  /** It may be whole: going on from the one before would delete it. */
  @Test
  void aFileThatCannotBeReadEndsTheSearch() {
    store.write(state(10, 0), IDENTITY, 0.5, KEEP_2);
    store.write(state(20, 0), IDENTITY, 0.5, KEEP_2);
    FaultyFileSystem.fail(
        Operation.OPEN, "iteration-00000020/grid-8.zip", "Input/output error", 1000);
    assertThatThrownBy(store::latest)
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "Cannot read %s/iteration-00000020/grid-8.zip: Input/output error (tried 13 times in 60.0 s)",
            folder());
    FaultyFileSystem.heal();
    assertThat(iteration()).isEqualTo(20);
  }

  /** Or the user would be told to delete checkpoints that are whole. */
  @Test
  void aStoreThatStaysAwayIsNotAStoreWithoutCheckpoints() {
    store.write(state(10, 0), IDENTITY, 0.5, KEEP_2);
    FaultyFileSystem.fail(Operation.OPEN, "", "Connection refused", 1000);
    assertThatThrownBy(store::latest)
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "Cannot read %s/iteration-00000010/commit.json: Connection refused (tried 13 times in 60.0 s)",
            folder());
  }

  private int iteration() {
    return store.latest().orElseThrow().state().iteration();
  }

  private String folder() {
    return "faulty:" + directory.resolve("checkpoints");
  }

  private static CheckpointStore open(Patience patience, String folder) {
    return new CheckpointStore(folder, NETWORKS, GeneratorSpec.NONE, patience);
  }
}
