package org.gridscape.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.gridscape.storage.FaultyFileSystem.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreFolderTest {
  private final TestTime time = new TestTime();
  private final Patience patience = new Patience(Duration.ofSeconds(10), time);
  @TempDir private Path directory;

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "file:", "faulty:"})
  void doesTheSameOnEveryStore(String scheme) throws IOException {
    StoreFolder folder = StoreFolder.at(scheme + directory.resolve("a"), patience);
    assertThat(folder.names()).isEmpty();
    assertThat(folder.read("x")).isEmpty();
    folder.delete("x");
    folder.write("x", bytes("one"));
    folder.write("x", bytes("two"));
    assertThat(text(folder, "x")).contains("two");
    folder.child("b").commit("y", bytes("first"));
    folder.child("b").commit("y", bytes("second"));
    assertThat(text(folder.child("b"), "y")).contains("second");
    assertThat(folder.create("lock", bytes("mine"))).isTrue();
    assertThat(folder.create("lock", bytes("yours"))).isFalse();
    assertThat(text(folder, "lock")).contains("mine");
    assertThat(folder.names()).containsExactly("b", "lock", "x");
    folder.delete("b");
    assertThat(folder.holds("b")).isFalse();
    assertThat(directory.resolve("a").toFile().list())
        .as("no .crc files")
        .containsExactlyInAnyOrder("lock", "x");
    assertThat(time.pauses()).isEmpty();
  }

  @Test
  void namesItsPathsWithTheSchemeOnlyWhereThereIsAChoice() {
    assertThat(StoreFolder.at("/a/b", patience)).hasToString("/a/b");
    assertThat(StoreFolder.at("file:/a/b", patience).file("c")).isEqualTo("/a/b/c");
    assertThat(StoreFolder.at("faulty:/a/b", patience)).hasToString("faulty:/a/b");
  }

  @Test
  void refusesASchemeThatNothingKnows() {
    assertThatThrownBy(() -> StoreFolder.at("nowhere:///a", patience))
        .isInstanceOf(StoreException.class)
        .hasMessage("Cannot open nowhere:///a: No FileSystem for scheme \"nowhere\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CREATE", "WRITE", "RENAME", "OPEN", "LIST", "DELETE"})
  void waitsOutAFault(Operation operation) {
    StoreFolder folder = faulty();
    folder.write("x", bytes("old"));
    FaultyFileSystem.fail(operation, "", "Connection refused", 3);
    folder.commit("x", bytes("new"));
    assertThat(folder.names()).contains("x");
    assertThat(text(folder, "x")).contains("new");
    assertThat(time.pauses()).hasSize(3);
  }

  @Test
  void saysWhatItCouldNotDoAndWhy() {
    StoreFolder folder = faulty();
    FaultyFileSystem.fail(Operation.WRITE, "x", "No space left on device", 1000);
    assertThatThrownBy(() -> folder.write("x", bytes("new")))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "Cannot write %s: No space left on device (tried 8 times in 10.0 s)", folder.file("x"));
    FaultyFileSystem.fail(Operation.LIST, "", "Connection refused", 1000);
    assertThatThrownBy(folder::names)
        .isInstanceOf(StoreException.class)
        .hasMessage("Cannot list %s: Connection refused (tried 8 times in 10.0 s)", folder);
    FaultyFileSystem.fail(Operation.RENAME, "y", "", 1000);
    assertThatThrownBy(() -> folder.commit("y", bytes("new")))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "Cannot write %s: the store did not rename y.tmp (tried 8 times in 10.0 s)",
            folder.file("y"));
  }

  /** A folder where a file should be is nothing that waiting changes. */
  @Test
  void doesNotWaitForAFileToBecomeAFolder() throws IOException {
    Files.writeString(directory.resolve("a"), "a file");
    StoreFolder folder = StoreFolder.at(directory.resolve("a").toString(), patience);
    assertThatThrownBy(() -> folder.write("x", bytes("new")))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot write %s: ".formatted(folder.file("x")));
    assertThat(time.pauses()).isEmpty();
  }

  private StoreFolder faulty() {
    return StoreFolder.at("faulty:" + directory.resolve("a"), patience);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<String> text(StoreFolder folder, String name) {
    return folder.read(name).map(content -> new String(content, StandardCharsets.UTF_8));
  }

  /** Hadoop throws an error there, which is no exception. */
  @Test
  void fullLocalDiskIsNamed() {
    assumeThat(java.nio.file.Path.of("/dev/full")).exists().isWritable();
    assertThatThrownBy(() -> StoreFolder.at("/dev", Patience.NONE).write("full", new byte[10_000]))
        .isInstanceOf(StoreException.class)
        .hasMessage("Cannot write /dev/full: No space left on device");
  }
}
