package org.gridscape.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {
  private final Path file;
  private final RunLog log;

  RunLogTest(@TempDir Path folder) {
    file = folder.resolve("run/metrics.jsonl");
    log = new RunLog(file);
  }

  @Test
  void readsBackExactlyWhatWasAppended() {
    List<IterationMetrics> written =
        List.of(MadeUpRun.iteration(1, new Random(1)), MadeUpRun.iteration(2, new Random(2)));
    written.forEach(log::append);
    assertThat(log.read()).isEqualTo(new RunHistory(written, false));
  }

  @Test
  void keepsValuesAtTheEdgesOfDouble() {
    GridMetrics grid =
        new GridMetrics(
            4,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            -0.0,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            0.1 + 0.2,
            2.0e-3,
            List.of(PenaltyMetrics.of(0.1, 0, Double.NaN, 0.3, 0)),
            List.of(Double.NaN));
    log.append(metrics(1, grid));
    assertThat(log.read().iterations()).containsExactly(metrics(1, grid));
  }

  @Test
  void writesTheKeysThatOthersRead() throws IOException {
    log.append(
        metrics(7, new GridMetrics(4, 1, 2, 3, 4, 5, 6, 0.5, Double.NaN, List.of(), List.of())));
    assertThat(Files.readString(file))
        .isEqualTo(
            "{\"iteration\":7,\"seconds\":1.5,\"learningRate\":4.0E-4,\"phases\":{\"broadcast\":0.1,"
                + "\"chain\":0.2,\"gradient\":0.3,\"sum\":0.4,\"update\":0.5},\"executors\":2,\"grids\":[{\"side\":4,"
                + "\"energyGap\":1.0,\"observedMean\":2.0,\"observedDeviation\":3.0,"
                + "\"synthesizedMean\":4.0,\"synthesizedDeviation\":5.0,\"gradientStrength\":6.0,"
                + "\"clippedShare\":0.5,\"gradientNorm\":\"NaN\"}]}\n");
  }

  @Test
  void writesRecoveriesOnlyWhereThereAreSome() throws IOException {
    IterationMetrics recovered =
        recovered(
            41,
            new RecoveryNote(47, "energy gap 9.1 of grid 16", "noise branch 1"),
            new RecoveryNote(44, "gradient norm NaN of grid 4", "learning rate 1.0E-4"));
    log.append(recovered);
    log.append(metrics(42));
    assertThat(Files.readAllLines(file).get(0))
        .endsWith(
            "\"grids\":[],\"recoveries\":[{\"failedIteration\":47,\"alarm\":\"energy gap 9.1 of grid"
                + " 16\",\"action\":\"noise branch 1\"},{\"failedIteration\":44,\"alarm\":\"gradient"
                + " norm NaN of grid 4\",\"action\":\"learning rate 1.0E-4\"}]}");
    assertThat(Files.readAllLines(file).get(1)).doesNotContain("recoveries");
    assertThat(log.read().iterations()).containsExactly(recovered, metrics(42));
  }

  @Test
  void writesScoresOnlyWhereThereAreSome() throws IOException {
    IterationMetrics scored =
        MadeUpRun.scored(metrics(20), new SampleScore("net", 2000, 0.1 + 0.2, 0.25, 0.375, 0.5));
    log.append(scored);
    log.append(metrics(21));
    assertThat(Files.readAllLines(file).get(0))
        .endsWith(
            "\"grids\":[],\"scores\":[{\"extractor\":\"net\",\"samples\":2000,"
                + "\"distance\":0.30000000000000004,\"lower\":0.25,\"upper\":0.375,\"meanDistance\":0.5}]}");
    assertThat(Files.readAllLines(file).get(1)).doesNotContain("scores");
    assertThat(log.read().iterations()).containsExactly(scored, metrics(21));
  }

  @Test
  void writesPenaltyAndDissipationOnlyWhereTheyAre() throws IOException {
    GridMetrics grid =
        new GridMetrics(
            4,
            -2,
            1,
            1,
            3,
            1,
            1,
            0,
            1,
            List.of(PenaltyMetrics.of(0.5, 3, 1, 2, -2.0)),
            List.of(0.25));
    log.append(metrics(1, grid));
    assertThat(Files.readString(file))
        .contains(
            "\"gradientNorm\":1.0,\"penalty\":[{\"gamma\":0.5,\"observed\":3.0,"
                + "\"synthesized\":1.0,\"mean\":2.0,\"ratio\":0.5,\"restingGap\":2.0}],\"dissipation\":[0.25]}");
    assertThat(log.read().iterations()).containsExactly(metrics(1, grid));
  }

  @Test
  void readsALogFromBeforePenaltiesAndDistancesOfMeans() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        """
        {"iteration":7,"seconds":1.5,"learningRate":4.0E-4,"phases":{"broadcast":0.1,\
        "chain":0.2,"gradient":0.3,"sum":0.4,"update":0.5},"executors":2,"grids":[{"side":4,\
        "energyGap":1.0,"observedMean":2.0,"observedDeviation":3.0,"synthesizedMean":4.0,\
        "synthesizedDeviation":5.0,"gradientStrength":6.0,"clippedShare":0.5,"gradientNorm":7.0}],"scores":[{"extractor":"net","samples":20,\
        "distance":2.0,"lower":1.0,"upper":3.0}]}
        """);
    GridMetrics grid = new GridMetrics(4, 1, 2, 3, 4, 5, 6, 0.5, 7, List.of(), List.of());
    SampleScore score = new SampleScore("net", 20, 2, 1, 3, Double.NaN);
    assertThat(log.read().iterations()).containsExactly(MadeUpRun.scored(metrics(7, grid), score));
  }

  @Test
  void namesTheLineOfAScoreThatNoRunHas() throws IOException {
    log.append(MadeUpRun.scored(metrics(1), new SampleScore("net", 20, 2, 1, 3, Double.NaN)));
    Files.writeString(file, Files.readString(file).replace("\"lower\":1.0", "\"lower\":9.0"));
    assertThatThrownBy(log::read)
        .hasMessageStartingWith("Cannot read " + file + " line 1: ")
        .hasMessageContaining("Invalid interval: 9.0 to 3.0 (must be finite and ascend)");
  }

  @Test
  void readsALogFromBeforeExecutorsAndRecoveries() throws IOException {
    log.append(metrics(1));
    Files.writeString(file, Files.readString(file).replace("\"executors\":2,", ""));
    IterationMetrics read = log.read().iterations().get(0);
    assertThat(read.executors()).isZero();
    assertThat(read.recoveries()).isEmpty();
    assertThat(read.phases()).isEqualTo(metrics(1).phases());
  }

  @Test
  void readsAMissingFileAsEmpty() {
    assertThat(log.read()).isEqualTo(new RunHistory(List.of(), false));
  }

  @Test
  void leavesOutALastLineThatBrokeOff() throws IOException {
    log.append(metrics(1));
    String line = Files.readString(file).strip();
    for (int length : new int[] {1, 20, 50, line.length() - 1}) {
      Files.writeString(file, line + "\n" + line.substring(0, length));
      assertThat(log.read()).isEqualTo(new RunHistory(List.of(metrics(1)), true));
    }
  }

  @Test
  void namesFileAndLineOfAMalformedLine() throws IOException {
    log.append(metrics(1));
    Files.writeString(file, "{\"iteration\":\n", StandardOpenOption.APPEND);
    log.append(metrics(3));
    assertThatThrownBy(log::read)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read " + file + " line 2: ");
  }

  @Test
  void namesTheKeyThatIsMissing() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"iteration\":1,\"seconds\":1}\n");
    assertThatThrownBy(log::read)
        .hasMessageStartingWith("Cannot read " + file + " line 1: ")
        .hasMessageContaining("learningRate");
  }

  @Test
  void rejectsAnIterationThatStandsTwice() {
    log.append(metrics(1));
    log.append(metrics(2));
    log.append(metrics(2));
    assertThatThrownBy(log::read)
        .hasMessage("Cannot read " + file + " line 3: Invalid iteration: 2 (must be > 2)");
  }

  @Test
  void truncatesAfterAnIterationAndGoesOn() throws IOException {
    for (int i = 1; i <= 5; i++) {
      log.append(metrics(i));
    }
    Files.writeString(file, "{\"iter", StandardOpenOption.APPEND);
    log.truncateAfter(3);
    log.append(metrics(4));
    assertThat(log.read())
        .isEqualTo(new RunHistory(List.of(metrics(1), metrics(2), metrics(3), metrics(4)), false));
    assertThat(Files.readString(file)).hasLineCount(4).endsWith("\n");
    assertThat(file.getParent()).isDirectoryNotContaining("glob:**.next");
  }

  @Test
  void truncatesNothingWhereThereIsNoLog() {
    log.truncateAfter(3);
    assertThat(file).doesNotExist();
  }

  @Test
  void refusesToAppendToALineThatBrokeOff() throws IOException {
    log.append(metrics(1));
    Files.writeString(file, "{\"iter", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> log.append(metrics(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot append to " + file + ": its last line broke off (truncate it first)");
  }

  @Test
  void rejectsRecordsThatNoRunHas() {
    assertThatThrownBy(() -> metrics(0)).hasMessage("Invalid iteration: 0 (must be >= 1)");
    assertThatThrownBy(() -> metrics(1, grid(16), grid(4)))
        .hasMessage("Invalid grid sides: [16, 4] (must ascend)");
    assertThatThrownBy(() -> grid(0)).hasMessage("Invalid grid side: 0 (must be >= 1)");
    PhaseSeconds phases = new PhaseSeconds(0, 0, 0, 0, 0);
    assertThatThrownBy(
            () -> new IterationMetrics(1, 1, 1, phases, -1, List.of(), List.of(), List.of()))
        .hasMessage("Invalid executors: -1 (must be >= 0)");
  }

  @Test
  void rejectsScoresThatNoRunHas() {
    assertThat(new SampleScore("net", 1, 2, 2, 2, Double.NaN).samples()).isOne();
    assertThatThrownBy(() -> new SampleScore(" ", 20, 2, 1, 3, Double.NaN))
        .hasMessage("Invalid extractor: \" \" (must not be blank)");
    assertThatThrownBy(() -> new SampleScore("net", 0, 2, 1, 3, Double.NaN))
        .hasMessage("Invalid samples: 0 (must be >= 1)");
    assertThatThrownBy(() -> new SampleScore("net", 20, Double.NaN, 1, 3, Double.NaN))
        .hasMessage("Invalid distance: NaN (must be finite)");
    assertThatThrownBy(() -> new SampleScore("net", 20, Double.POSITIVE_INFINITY, 1, 3, Double.NaN))
        .hasMessage("Invalid distance: Infinity (must be finite)");
    assertThatThrownBy(() -> new SampleScore("net", 20, 2, 3, 1, Double.NaN))
        .hasMessage("Invalid interval: 3.0 to 1.0 (must be finite and ascend)");
    assertThatThrownBy(() -> new SampleScore("net", 20, 2, Double.NaN, 3, Double.NaN))
        .hasMessage("Invalid interval: NaN to 3.0 (must be finite and ascend)");
    assertThatThrownBy(() -> new SampleScore("net", 20, 2, 1, Double.POSITIVE_INFINITY, Double.NaN))
        .hasMessage("Invalid interval: 1.0 to Infinity (must be finite and ascend)");
    assertThatThrownBy(() -> new SampleScore("net", 20, 2, 1, 3, -0.5))
        .hasMessage("Invalid distance of means: -0.5 (must be finite and >= 0)");
  }

  @Test
  void rejectsRecoveriesThatNoRunHas() {
    assertThatThrownBy(() -> new RecoveryNote(0, "a", "b"))
        .hasMessage("Invalid failed iteration: 0 (must be >= 1)");
    assertThatThrownBy(() -> new RecoveryNote(1, " ", "b"))
        .hasMessage("Invalid alarm: \" \" (must not be blank)");
    assertThatThrownBy(() -> new RecoveryNote(1, "a", ""))
        .hasMessage("Invalid action: \"\" (must not be blank)");
    RecoveryNote earlier = new RecoveryNote(3, "a", "b");
    assertThatThrownBy(() -> recovered(4, earlier))
        .hasMessage("Invalid failed iteration: 3 (must be >= 4, the iteration returned to)");
  }

  private static GridMetrics grid(int side) {
    return new GridMetrics(side, 0, 0, 0, 0, 0, 0, 0, 0, List.of(), List.of());
  }

  private static IterationMetrics metrics(int iteration, GridMetrics... grids) {
    PhaseSeconds phases = new PhaseSeconds(0.1, 0.2, 0.3, 0.4, 0.5);
    return new IterationMetrics(
        iteration, 1.5, 4e-4, phases, 2, List.of(grids), List.of(), List.of());
  }

  private static IterationMetrics recovered(int iteration, RecoveryNote... recoveries) {
    PhaseSeconds phases = new PhaseSeconds(0.1, 0.2, 0.3, 0.4, 0.5);
    return new IterationMetrics(
        iteration, 1.5, 4e-4, phases, 2, List.of(), List.of(recoveries), List.of());
  }
}
