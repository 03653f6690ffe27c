package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.gridscape.report.IterationMetrics;
import org.gridscape.report.RecoveryNote;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose learning rate is far too high. */
class RecoveryIT {
  private static final String EXPLODING = "training.learningRate.rate=20";

  @TempDir private static Path folder;

  @Test
  void anExplodingRunRecoversToTheSameBitsWhereverItIsInterrupted() {
    String[] settings = {
      "--set", EXPLODING,
      "--set", "sentinel.remedy=lower-rate",
      "--set", "sentinel.rateFactor=1e-5"
    };
    SmallRun straight = new SmallRun(folder, "straight");
    assertThat(train(straight, "local[1]", settings)).isEqualTo(ExitCode.DONE);
    ObjectNode result = straight.run().result().orElseThrow();
    assertThat(result.path("recoveries").asInt()).isBetween(1, 3);
    assertThat(notes(straight)).hasSize(result.path("recoveries").asInt());
    RecoveryNote first = notes(straight).get(0);
    assertThat(first.alarm()).contains("on grid");
    assertThat(first.action()).startsWith("alarm 1: noise branch 0, learning rate x 1.000e-05");

    SmallRun interrupted = new SmallRun(folder, "interrupted");
    for (int until = 1; until <= SmallRun.ITERATIONS; until += 3) {
      List<String> more = new ArrayList<>(List.of(settings));
      more.addAll(List.of("--until", Integer.toString(until)));
      assertThat(train(interrupted, "local[2]", more.toArray(String[]::new)))
          .isEqualTo(ExitCode.DONE);
    }
    assertThat(train(interrupted, "local[2]", settings)).isEqualTo(ExitCode.DONE);
    assertThat(interrupted.parametersSha256()).isEqualTo(straight.parametersSha256());
    assertThat(notes(interrupted)).isEqualTo(notes(straight));
  }

  @Test
  void aRunThatCannotBeHelpedSaysSoAndCanBeReplayed() throws Exception {
    SmallRun run = new SmallRun(folder, "hopeless");
    String[] settings = {
      "--set", EXPLODING, "--set", "sentinel.remedy=noise-branch", "--set", "sentinel.tries=2"
    };
    assertThat(train(run, "local[2]", settings)).isEqualTo(ExitCode.DIVERGED);
    ObjectNode result = run.run().result().orElseThrow();
    assertThat(result.path("status").asText()).isEqualTo("diverged");
    assertThat(result.path("error").asText())
        .matches(
            "Training diverged at iteration \\d+: .*; 2 alarms were answered before"
                + " \\(sentinel.tries\\)");
    String replay = result.path("replay").asText();
    assertThat(replay).matches(".*--run-id hopeless --iteration \\d+ --from \\d+ --alarms 2");
    List<String> words = List.of(replay.split(" ", -1));
    String iteration = words.get(words.indexOf("--iteration") + 1);
    String alarm = result.path("error").asText().replaceAll("^.*?: |;.*$", "");
    long logged = run.iterationsLogged();
    Process process =
        run.start(
            "replay",
            Stream.concat(
                    Stream.of("--master", "local[2]"),
                    words.subList(words.indexOf("--iteration"), words.size()).stream())
                .toArray(String[]::new));
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ExitCode.DONE);
    assertThat(Files.readString(run.log()))
        .contains("From iteration ")
        .contains("alarm 2: noise branch 2")
        .contains(iteration + ": " + alarm);
    assertThat(run.run().path().resolve("report.html")).exists();
    assertThat(run.iterationsLogged()).as("replay writes nothing").isEqualTo(logged);
    assertThat(run.run().result()).hasValue(result);
  }

  private static int train(SmallRun run, String master, String... more) {
    List<String> options = new ArrayList<>(List.of("--master", master));
    options.addAll(List.of(more));
    return Gridscape.run(run.command("train", options.toArray(String[]::new)));
  }

  private static List<RecoveryNote> notes(SmallRun run) {
    return run.run().log().read().iterations().stream()
        .map(IterationMetrics::recoveries)
        .flatMap(List::stream)
        .toList();
  }
}
