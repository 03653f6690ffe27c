package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkpoints, shards and the stores they lie in: damaged, missing, full, out of reach. */
@Tag("faults")
class StoreFaultsIT {
  private static final String SHARD = "shard-00001.parquet";
  private static final String SHARDS = ".*/data/shard-.*";
  private static final String SIXTH = ".*/iteration-00000006/.*";
  private static final String REFUSED = "Connection refused";
  private static final String CONTINUES = "; the same command continues the run after iteration 3";
  private static final TroubledFileSystem.Operation ALL = TroubledFileSystem.Operation.ALL;

  @TempDir private static Path folder;
  private static String undisturbed = "";

  @BeforeAll
  static void trainUndisturbed() {
    undisturbed = FaultRun.undisturbed(folder);
  }

  /** What becomes of a checkpoint. */
  enum Damage {
    TRUNCATED("06a", "grid-32.zip", "grid-32.zip does not have the size and checksum committed") {
      @Override
      byte[] of(byte[] content) {
        return Arrays.copyOf(content, content.length / 2);
      }
    },
    TORN("06b", "grid-8-optimizer.f32", "does not have the size and checksum committed") {
      @Override
      byte[] of(byte[] content) {
        byte[] torn = content.clone();
        Arrays.fill(torn, torn.length / 2, torn.length, (byte) 0);
        return torn;
      }
    },
    EDITED("06c", "grid-32-average.zip", "does not have the size and checksum committed") {
      @Override
      byte[] of(byte[] content) {
        byte[] edited = content.clone();
        edited[edited.length / 2] ^= 1;
        return edited;
      }
    },
    RECORD_TRUNCATED("06d", "commit.json", "commit.json is no JSON") {
      @Override
      byte[] of(byte[] content) {
        return Arrays.copyOf(content, content.length / 2);
      }
    },
    RECORD_EDITED("06e", "commit.json", "commit.json does not have the checksum that it names") {
      @Override
      byte[] of(byte[] content) {
        return new String(content, StandardCharsets.UTF_8)
            .replaceFirst("\"iteration\" : \\d+", "\"iteration\" : 5")
            .getBytes(StandardCharsets.UTF_8);
      }
    };

    private final String row;
    private final String file;
    private final String warning;

    Damage(String row, String file, String warning) {
      this.row = row;
      this.file = file;
      this.warning = warning;
    }

    abstract byte[] of(byte[] content);
  }

  @ParameterizedTest
  @EnumSource
  void damagedCheckpoint(Damage damage) throws Exception {
    String runId = "damaged-" + damage.row;
    try (FaultRun run = new FaultRun(folder, runId)) {
      Process process = run.trainLocally();
      run.awaitIterations(process, 9);
      FaultRun.kill(process.pid());
      Path newest = Path.of(run.folder().checkpoints(), "iteration-00000008");
      Path file = newest.resolve(damage.file);
      byte[] before = Files.readAllBytes(file);
      byte[] after = damage.of(before);
      assertThat(after).isNotEqualTo(before);
      Files.write(file, after);
      run.requireDone(run.trainLocally(), undisturbed);
      assertThat(run.log())
          .contains("Cannot use checkpoint " + newest + ": ")
          .contains(damage.warning)
          .contains("Continuing run %s after iteration 6".formatted(runId));
      FaultTable.add(
          damage.row,
          "damaged checkpoint",
          "%s of iteration 8, the newest, %s"
              .formatted(
                  damage.file, damage.name().toLowerCase(Locale.ROOT).replace("record_", "")),
          "warning \"%s\", went on after iteration 6".formatted(damage.warning),
          FaultTable.SAME);
    }
  }

  @Test
  void diskFullWhileACheckpointIsWritten() throws Exception {
    try (FaultRun run = new FaultRun(folder, "full")) {
      run.set("checkpoint.folder", "troubled:" + folder.resolve("store"))
          .trouble(
              TroubledFileSystem.Operation.WRITE,
              ".*/iteration-00000006/.*",
              "No space left on device");
      String error = run.error(run.train(), ExitCode.STORE_FAILED);
      assertThat(error)
          .startsWith("Cannot write checkpoint troubled:")
          .contains("iteration-00000006")
          .contains("No space left on device (tried ")
          .endsWith("(the newest whole checkpoint is iteration-00000004)");
      run.heal();
      run.requireDone(run.trainLocally(), undisturbed);
      FaultTable.add(
          "07a",
          "disk full while writing a checkpoint",
          "a store that refuses the second half of each file of iteration 6's checkpoint",
          "exit code 74; the same command went on when there was space",
          message(error));
    }
  }

  @Test
  void diskReallyFull() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Process mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString())
            .redirectErrorStream(true)
            .start();
    String refusal = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assumeTrue(mount.waitFor() == 0, () -> "cannot mount a small disk: " + refusal);
    try (FaultRun run = new FaultRun(folder, "small-disk")) {
      run.set("checkpoint.folder", disk.toString());
      Process process = run.train();
      run.awaitIterations(process, 3);
      Path filler = disk.resolve("filler");
      fill(filler);
      String error = run.error(process, ExitCode.STORE_FAILED);
      assertThat(error)
          .startsWith("Cannot write checkpoint " + disk)
          .contains("No space left on device")
          .contains("(the newest whole checkpoint is iteration-");
      Files.delete(filler);
      run.requireDone(run.trainLocally(), undisturbed);
      FaultTable.add(
          "07b",
          "disk really full",
          "checkpoints on a tmpfs of 8 MiB, filled up after iteration 3",
          "exit code 74; the same command went on when the filler was deleted",
          message(error).replace(disk.toString(), ".../disk"));
    } finally {
      new ProcessBuilder("umount", disk.toString()).start().waitFor();
    }
  }

  private static void fill(Path filler) throws IOException {
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] block = new byte[512];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }

  @Test
  void shardMissingWhenAnExecutorNeedsIt() throws Exception {
    Path own = withData("missing");
    Path data = own.resolve("data");
    try (FaultRun run = new FaultRun(own, "missing")) {
      String error =
          run.error(
              readingAgain(run, () -> Files.move(data.resolve(SHARD), own.resolve(SHARD))),
              ExitCode.BAD_DATA);
      assertThat(error)
          .startsWith(
              "Cannot do iteration 4: Cannot read shard: %s in file:%s: ".formatted(SHARD, data))
          .contains("does not exist")
          .endsWith(CONTINUES);
      Files.move(own.resolve(SHARD), data.resolve(SHARD));
      run.heal();
      run.requireDone(run.trainLocally(), undisturbed);
      FaultTable.add(
          "09a",
          "shard file missing",
          "the file moved away and the executor that had read it killed in iteration 4",
          "exit code 65, iteration 3 saved; the same command went on when the file was back",
          message(error));
    }
  }

  @Test
  void shardCorrupted() throws Exception {
    Path own = withData("corrupted");
    Path shard = own.resolve("data").resolve(SHARD);
    try (FaultRun run = new FaultRun(own, "corrupted")) {
      Process process =
          readingAgain(
              run,
              () -> {
                byte[] content = Files.readAllBytes(shard);
                Files.write(own.resolve(SHARD), content);
                content[content.length / 2] ^= 1;
                Files.write(shard, content);
              });
      String error = run.error(process, ExitCode.BAD_DATA);
      assertThat(error)
          .startsWith(
              "Cannot do iteration 4: Cannot read shard: %s in file:%s: SHA-256 is "
                  .formatted(SHARD, shard.getParent()))
          .endsWith(CONTINUES);
      Files.write(shard, Files.readAllBytes(own.resolve(SHARD)));
      run.heal();
      run.requireDone(run.trainLocally(), undisturbed);
      FaultTable.add(
          "09b",
          "shard file corrupted",
          "a bit changed, and the executor that had read the file killed in iteration 4",
          "exit code 65, iteration 3 saved; the same command went on with the whole file",
          message(error));
    }
  }

  @Test
  void dataOutOfReachForAWhile() throws Exception {
    Path own = withData("far");
    try (FaultRun run = new FaultRun(own, "far")) {
      run.set("data.target", "troubled:" + own.resolve("data"))
          .set("cluster.storePatience", "5 minutes");
      Process process = readingAgain(run, () -> run.trouble(ALL, SHARDS, REFUSED));
      run.awaitRefusals(process, 2);
      run.heal();
      run.requireDone(process, undisturbed);
      FaultTable.add(
          "10a",
          "store of the data out of reach for a while",
          "a store that refuses shards from iteration 4 on until it has refused twice, when the"
              + " executor that had read one is killed",
          "the executor that took over tried again until it could read",
          FaultTable.SAME);
    }
  }

  @Test
  void dataOutOfReachForTooLong() throws Exception {
    Path own = withData("lost");
    try (FaultRun run = new FaultRun(own, "lost")) {
      run.set("data.target", "troubled:" + own.resolve("data"));
      Process process = readingAgain(run, () -> run.trouble(ALL, SHARDS, REFUSED));
      String error = run.error(process, ExitCode.STORE_FAILED);
      assertThat(error)
          .startsWith("Cannot do iteration 4: Cannot read shard: %s in troubled:".formatted(SHARD))
          .contains(REFUSED + " (tried ")
          .endsWith(CONTINUES);
      run.heal();
      run.requireDone(run.trainLocally(), undisturbed);
      FaultTable.add(
          "10b",
          "store of the data out of reach for too long",
          "the same without an end, cluster.storePatience 2 s",
          "exit code 74, iteration 3 saved; the same command went on when the store was back",
          message(error));
    }
  }

  @Test
  void checkpointsOutOfReachForAWhile() throws Exception {
    try (FaultRun run = new FaultRun(folder, "away")) {
      run.set("checkpoint.folder", "troubled:" + folder.resolve("store"))
          .set("cluster.storePatience", "5 minutes")
          .trouble(ALL, SIXTH, REFUSED);
      Process process = run.train();
      run.awaitRefusals(process, 2);
      run.heal();
      run.requireDone(process, undisturbed);
      assertThat(run.log()).contains(REFUSED + "; next try in ");
      FaultTable.add(
          "10c",
          "store of the checkpoints out of reach for a while",
          "a store that refuses iteration 6's checkpoint until it has refused twice",
          "the driver tried again until it could write, with a warning each time",
          FaultTable.SAME);
    }
  }

  @Test
  void checkpointsOutOfReachForTooLong() throws Exception {
    try (FaultRun run = new FaultRun(folder, "gone")) {
      run.set("checkpoint.folder", "troubled:" + folder.resolve("store"))
          .trouble(ALL, SIXTH, REFUSED);
      String error = run.error(run.train(), ExitCode.STORE_FAILED);
      assertThat(error)
          .startsWith("Cannot write checkpoint troubled:")
          .contains(REFUSED + " (tried ")
          .endsWith("(the newest whole checkpoint is iteration-00000004)");
      run.heal();
      run.requireDone(run.trainLocally(), undisturbed);
      FaultTable.add(
          "10d",
          "store of the checkpoints out of reach for too long",
          "the same without an end, cluster.storePatience 2 s",
          "exit code 74; the same command went on when the store was back",
          message(error));
    }
  }

  /** A folder with a copy of the data. */
  private static Path withData(String name) throws IOException {
    Path own = Files.createDirectory(folder.resolve(name));
    Path copy = Files.createDirectory(own.resolve("data"));
    try (Stream<Path> files = Files.list(folder.resolve("data"))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return own;
  }

  /** What is done to the data while a task waits. */
  private interface Change {
    void make() throws IOException;
  }

  /** Starts a run in which a shard, after a change, must be read by an executor that had not. */
  private static Process readingAgain(FaultRun run, Change change) throws Exception {
    Process process = run.fault(FaultPlugin.Fault.HOLD, 4, 1).train();
    long executor = run.awaitFault(process);
    change.make();
    FaultRun.kill(executor);
    return process;
  }

  private static String message(String error) {
    return "\"" + error + "\"; " + FaultTable.SAME;
  }
}
