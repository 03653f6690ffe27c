package org.gridscape.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a whole. Long, because every part of it is looked at in the same made-up runs. */
class ReportTest {
  private static final Pattern ROW = Pattern.compile("<tr><th scope=\"row\">(\\d+)</th><td>");

  private final Path folder;

  ReportTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void showsEverySectionOfAFinishedRun() throws IOException {
    String page = page(MadeUpRun.finished(folder, 60));
    assertThat(page)
        .contains("complete</span>")
        .contains("<p class=\"label\">Frechet distance (gridscape-classifier-1 features)</p>")
        .contains("<p class=\"value\">41.72</p>")
        .contains("95\u00a0% interval 40.12 to 43.33; lower is better; replicated")
        .contains("replicated 1\u00d71 starts: 812.4; held-out real images: 3.91")
        .contains("alt=\"Synthesized images on grid 32\u00d732\"")
        .contains("alt=\"Observed (real) images on grid 4\u00d74\"")
        .contains("Data fingerprint</th><td>9f86d081884c7d65")
        .contains("energyGaps.16</th><td>-0.084")
        .contains("Not recorded: commit.")
        .doesNotContain("There is no", "There are no", "No iteration");
    assertThat(iterations(page)).containsExactly(60, 120, 180, 240, 300);
    assertThat(page.replaceAll("base64,[^\"]*", "")).doesNotContain("FID");
  }

  @Test
  void loadsNothing() throws IOException {
    String page = page(MadeUpRun.finished(folder, 150));
    String licence = "/*! https://github.com/leeoniya/uPlot (v1.6.30) */";
    assertThat(page).contains("default-src 'none'").contains(licence);
    assertThat(page.replace(licence, "")).doesNotContain("http://", "https://", "@import", "url(");
    assertThat(page)
        .doesNotContain("<link", "<script src")
        .doesNotContainPattern("src=\"(?!data:)");
  }

  @Test
  void escapesEverythingFromTheRunFolder() throws IOException {
    String evil = "</script><b onclick='x'>";
    write("config.resolved.conf", "a = \"" + evil + "\"");
    write("provenance.json", "{\"commit\": \"" + evil + "\", \"" + evil + "\": 1}");
    write(
        "result.json",
        "{\"status\": \""
            + evil
            + "\", \"score\": {\"samples\": 1, \"extractor\": \""
            + evil
            + "\"}}");
    String page = page(folder);
    assertThat(page).doesNotContain("<b onclick").contains("&lt;/script&gt;&lt;b onclick");
    assertThat(page.split("</script>", -1)).hasSize(3);
  }

  @Test
  void saysInWordsWhatAnEmptyFolderLacks() throws IOException {
    assertThat(page(folder))
        .contains("unfinished</span>")
        .contains("There is no result.json")
        .contains("No iteration has been logged.")
        .contains("There are no samples and no real images to show.")
        .contains("There are no snapshots of the training.")
        .contains("No times have been logged.")
        .contains("The folder holds no config.resolved.conf.")
        .contains("Not recorded: run, command,");
  }

  @Test
  void showsASingleIteration() throws IOException {
    log(1);
    assertThat(page(folder))
        .contains("A single iteration has been logged: points, no lines yet.")
        .contains("\"iterations\":[1]");
  }

  @Test
  void marksHowTheRunEnded() throws IOException {
    write("result.json", "{\"status\": \"stopped\"}");
    assertThat(page(folder)).contains("class=\"status unfinished\">stopped<");
    write("result.json", "{\"status\": \"diverged\"}");
    assertThat(page(folder)).contains("class=\"status broken\">diverged<");
  }

  @Test
  void saysWhyARunGaveUpAndHowToRepeatWhatFailed() throws IOException {
    write(
        "result.json",
        """
        {"status": "diverged", "error": "energy gap <-41.3> of grid 16",
         "replay": "gridscape replay --run-id r --iteration 268"}
        """);
    assertThat(page(folder))
        .contains("class=\"ending broken\"")
        .contains("<p>energy gap &lt;-41.3&gt; of grid 16</p>")
        .contains("<pre>gridscape replay --run-id r --iteration 268</pre>");
    write("result.json", "{\"status\": \"stopped\", \"error\": \"Stopped after iteration 4\"}");
    assertThat(page(folder))
        .contains("class=\"ending unfinished\"")
        .contains("<p>Stopped after iteration 4</p>")
        .doesNotContain("<pre>");
    write("result.json", "{\"status\": \"complete\"}");
    assertThat(page(folder)).doesNotContain("class=\"ending");
  }

  @Test
  void showsEveryRecovery() throws IOException {
    RunLog log = new RunLog(folder.resolve("metrics.jsonl"));
    log.append(timed(1, new PhaseSeconds(0, 1, 0, 0, 0), 1));
    log.append(
        timed(
            2,
            new PhaseSeconds(0, 1, 0, 0, 0),
            1,
            new RecoveryNote(5, "gap <9> of grid 4", "noise branch 1"),
            new RecoveryNote(3, "norm NaN of grid 4", "learning rate 1.0E-4")));
    assertThat(page(folder))
        .contains("<a href=\"#recoveries\">")
        .contains(row(2, 5, "gap &lt;9&gt; of grid 4", "noise branch 1"))
        .contains(row(2, 3, "norm NaN of grid 4", "learning rate 1.0E-4"))
        .contains("<p class=\"label\">Recoveries</p><p class=\"value\">2</p>")
        .contains("last before iteration 2: learning rate 1.0E-4")
        .contains("\"recoveries\":[2]");
  }

  @Test
  void isSilentOnRecoveriesWhereThereWereNone() throws IOException {
    log(3);
    assertThat(page(folder))
        .contains("\"recoveries\":[]")
        .doesNotContain("Recoveries", "#recoveries", "return to a checkpoint");
  }

  @Test
  void drawsWhatTellsOfVanishingDivergence() throws IOException {
    RunLog log = new RunLog(folder.resolve("metrics.jsonl"));
    log.append(timed(1, new GridMetrics(4, -3, 0, 2, 3, 0.5, 1, 0, 1, List.of(), List.of())));
    String plain = page(folder);
    assertThat(plain)
        .contains("chart-response\"", "chart-variance-f\"")
        .contains("\"dashed\":false,\"values\":[1.5]}", "\"dashed\":false,\"values\":[0.25]}")
        .doesNotContain("chart-dissipation\"", "chart-penalty-ratio\"", "chart-penalty-gap\"");
    PenaltyMetrics penalty = PenaltyMetrics.of(0.5, 3, 1, 2, -4);
    log.append(
        timed(2, new GridMetrics(4, -4, 0, 2, 3, 0.5, 1, 0, 1, List.of(penalty), List.of(0.125))));
    assertThat(page(folder))
        .contains("chart-dissipation\"", "chart-penalty-ratio\"", "chart-penalty-gap\"")
        .contains("\"values\":[\"NaN\",0.125]")
        .contains("\"values\":[\"NaN\",0.25]")
        .contains("\"dashed\":false,\"values\":[\"NaN\",-4.0]}")
        .contains("\"dashed\":true,\"values\":[\"NaN\",2.0]}");
  }

  private static IterationMetrics timed(int iteration, GridMetrics grid) {
    PhaseSeconds phases = new PhaseSeconds(0, 1, 0, 0, 0);
    return new IterationMetrics(iteration, 1, 4e-4, phases, 0, List.of(grid), List.of(), List.of());
  }

  @Test
  void drawsTheDistanceOfTheMeansOfFeatures() throws IOException {
    RunLog log = new RunLog(folder.resolve("metrics.jsonl"));
    log.append(scored(20, new SampleScore("net", 2000, 9.25, 8.5, 10, Double.NaN)));
    assertThat(page(folder)).doesNotContain("id=\"chart-means\"", "mean features");
    log.append(scored(40, new SampleScore("net", 2000, 4.125, 3.5, 4.75, 1.5)));
    assertThat(page(folder))
        .contains("id=\"chart-means\"", "\"means\":[\"NaN\",1.5]}")
        .contains("mean features 1.5 apart; 2000 samples, net features</p>");
  }

  @Test
  void drawsTheScoresWithTheirIntervals() throws IOException {
    RunLog log = new RunLog(folder.resolve("metrics.jsonl"));
    log.append(scored(20, new SampleScore("net", 2000, 9.25, 8.5, 10, Double.NaN)));
    log.append(scored(40, new SampleScore("net", 2000, 4.125, 3.5, 4.75, Double.NaN)));
    log.append(timed(41, new PhaseSeconds(0, 1, 0, 0, 0), 1));
    log.append(scored(60, new SampleScore("net", 2000, 5.5, 5, 6, Double.NaN)));
    log.append(timed(61, new PhaseSeconds(0, 1, 0, 0, 0), 1));
    assertThat(page(folder))
        .contains("<a href=\"#scores\">", "<h2>Frechet distance of samples</h2>")
        .contains("<i class=\"swatch c0\"></i>net, 2000 samples</span>")
        .contains(
            "\"scores\":{\"iterations\":[20,40,60],\"axis\":[20,61],\"lines\":[{\"label\":\"net, 2000"
                + " samples\",\"colour\":0,\"values\":[9.25,4.125,5.5],\"lower\":[8.5,3.5,5.0],"
                + "\"upper\":[10.0,4.75,6.0],\"means\":[\"NaN\",\"NaN\",\"NaN\"]}]}")
        .contains(
            "<p class=\"label\">Frechet distance at iteration 60</p><p class=\"value\">5.5</p>"
                + "<p class=\"remark\">95\u00a0% interval 5 to 6; best: 4.125 at iteration 40,"
                + " 95\u00a0% interval 3.5 to 4.75; 2000 samples, net features</p>");
  }

  @Test
  void comparesScoresOfTheSameKindOnly() throws IOException {
    RunLog log = new RunLog(folder.resolve("metrics.jsonl"));
    log.append(scored(1, new SampleScore("net", 500, 2, 1, 3, Double.NaN)));
    log.append(scored(2, new SampleScore("net", 2000, 8, 7, 9, Double.NaN)));
    assertThat(page(folder))
        .contains("net, 500 samples</span>", "net, 2000 samples</span>")
        .contains("\"values\":[2.0,\"NaN\"]", "\"values\":[\"NaN\",8.0]")
        .contains("Distances of other features or numbers of samples do not compare.")
        .contains("<p class=\"remark\">95\u00a0% interval 7 to 9; 2000 samples, net features</p>");
    log.append(scored(3, new SampleScore("net", 2000, 6, 5, 7, Double.NaN)));
    assertThat(page(folder)).contains("95\u00a0% interval 5 to 7; the best of 2; 2000 samples");
  }

  @Test
  void isSilentOnScoresWhereThereAreNone() throws IOException {
    log(3);
    assertThat(page(folder))
        .contains("\"scores\":{\"iterations\":[],\"axis\":[],\"lines\":[]}")
        .doesNotContain("#scores", "chart-scores\"", "Frechet distance");
  }

  @Test
  void choosesEvenlyWhereThereAreTooManyScores() {
    List<IterationMetrics> iterations =
        IntStream.rangeClosed(1, 2 * Curves.MOST_POINTS)
            .mapToObj(i -> scored(i, new SampleScore("net", 20, i, i, i, Double.NaN)))
            .toList();
    ScoreCurve curve = ScoreCurve.of(new RunHistory(iterations, false));
    assertThat(curve.iterations()).hasSize(Curves.MOST_POINTS).startsWith(1).endsWith(3000);
    assertThat(curve.notes()).containsExactly("1500 of 3000 scores are drawn, evenly chosen.");
  }

  @Test
  void drawsValuesThatAreNotFiniteAsGaps() throws IOException {
    GridMetrics grid = new GridMetrics(4, Double.NaN, 1, 1, 1, 1, 1, 0, 1, List.of(), List.of());
    PhaseSeconds phases = new PhaseSeconds(0, 1, 0, 0, 0);
    new RunLog(folder.resolve("metrics.jsonl"))
        .append(new IterationMetrics(1, 1, 4e-4, phases, 0, List.of(grid), List.of(), List.of()));
    assertThat(page(folder)).contains("\"values\":[\"NaN\"]");
  }

  @Test
  void tellsThatTheLastLineBrokeOff() throws IOException {
    log(2);
    Files.writeString(
        folder.resolve("metrics.jsonl"), "{\"iteration\":3,\"se", StandardOpenOption.APPEND);
    assertThat(page(folder))
        .contains("The last line of metrics.jsonl broke off")
        .contains("\"iterations\":[1,2]");
  }

  @Test
  void letsTheLastSnapshotStandInForFinalSamples() throws IOException {
    MadeUpRun.finished(folder, 150);
    deleteSheets("samples/final");
    assertThat(page(folder))
        .contains("the last snapshot of the training stands in")
        .contains("alt=\"Synthesized, iteration 300 images on grid 32\u00d732\"");
  }

  @Test
  void showsRealImagesAloneWhereNothingWasDrawn() throws IOException {
    MadeUpRun.finished(folder, 301);
    deleteSheets("samples/final");
    assertThat(page(folder))
        .contains("No images have been drawn from the model.")
        .contains("alt=\"Observed (real) images on grid 32\u00d732\"");
  }

  @Test
  void choosesTwelveSnapshotsWithFirstAndLast() throws IOException {
    List<Integer> rows = iterations(page(MadeUpRun.finished(folder, 10)));
    assertThat(rows).hasSize(12).startsWith(10).endsWith(300).doesNotHaveDuplicates().isSorted();
    assertThat(page(folder)).contains("12 of 30 snapshots are shown, evenly chosen.");
  }

  @Test
  void choosesEvenly() {
    List<Integer> hundred = IntStream.range(0, 100).boxed().toList();
    assertThat(EvenChoice.of(hundred, 12))
        .containsExactly(0, 9, 18, 27, 36, 45, 54, 63, 72, 81, 90, 99);
    assertThat(EvenChoice.of(hundred, 100)).isEqualTo(hundred);
    assertThat(EvenChoice.of(List.of(), 12)).isEmpty();
  }

  @Test
  void writesTimeSharesThatAddUp() {
    PhaseSeconds phases = new PhaseSeconds(1, 5, 2, 1, 0);
    RunHistory history =
        new RunHistory(
            List.of(new IterationMetrics(1, 10, 0.1, phases, 0, List.of(), List.of(), List.of())),
            false);
    assertThat(PhaseShares.of(history).phases())
        .extracting(PhaseShares.Share::percent)
        .containsExactly("10.0", "50.0", "20.0", "10.0", "0.0", "10.0");
  }

  @Test
  void takesEveryIterationApart() {
    PhaseTimeline timeline =
        PhaseTimeline.of(
            history(
                timed(1, new PhaseSeconds(0.5, 1, 2, 3, 4), 2),
                timed(2, new PhaseSeconds(0, 6, 0, 0, 0), 0)));
    assertThat(timeline.iterations()).containsExactly(1, 2);
    assertThat(timeline.phases())
        .extracting(Curves.Series::label)
        .containsExactly("broadcast", "chain", "gradient", "sum", "update", "other");
    assertThat(timeline.phases())
        .extracting(Curves.Series::values)
        .containsExactly(
            List.of(0.5, 0.0),
            List.of(1.0, 6.0),
            List.of(2.0, 0.0),
            List.of(3.0, 0.0),
            List.of(4.0, 0.0),
            List.of(0.0, 4.0));
    assertThat(timeline.executors()).containsExactly(2, 0);
    assertThat(timeline.notes()).isEmpty();
  }

  @Test
  void drawsNoExecutorsWhereNoneIsKnown() throws IOException {
    RunLog log = new RunLog(folder.resolve("metrics.jsonl"));
    log.append(timed(1, new PhaseSeconds(0, 1, 0, 0, 0), 0));
    assertThat(page(folder))
        .contains("id=\"chart-timeline\"", "\"executors\":[]")
        .doesNotContain("id=\"chart-executors\"");
    log.append(timed(2, new PhaseSeconds(0, 1, 0, 0, 0), 3));
    assertThat(page(folder)).contains("id=\"chart-executors\"", "\"executors\":[0,3]");
  }

  @Test
  void keepsTheSpikesOfALongRunInTheTimeline() {
    PhaseSeconds usual = new PhaseSeconds(0, 8, 0, 0, 2);
    List<IterationMetrics> iterations =
        IntStream.rangeClosed(1, 4 * Curves.MOST_POINTS)
            .mapToObj(i -> timed(i, i == 777 ? new PhaseSeconds(0, 90, 1, 0, 2) : usual, 2))
            .toList();
    PhaseTimeline timeline = PhaseTimeline.of(new RunHistory(iterations, false));
    assertThat(timeline.iterations())
        .hasSize(Curves.MOST_POINTS)
        .contains(777)
        .doesNotHaveDuplicates()
        .isSorted();
    assertThat(timeline.phases().get(1).values()).contains(90.0);
    assertThat(timeline.notes())
        .containsExactly(
            "1500 of 6000 iterations are drawn: of neighbours the longest, so that no spike is"
                + " lost.");
    assertThat(timeline.longest())
        .containsExactly(
            new PhaseTimeline.Outlier(777, "1 min 33 s", "9.3", "chain +1 min 22 s", "2"));
  }

  @Test
  void namesTheFiveLongestIterationsAndWhatTookLong() {
    PhaseTimeline timeline =
        PhaseTimeline.of(
            history(
                IntStream.rangeClosed(1, 20)
                    .mapToObj(i -> timed(i, new PhaseSeconds(i > 13 ? i : 0, 10, 0, 0, 0), 0))
                    .toArray(IterationMetrics[]::new)));
    assertThat(timeline.longest())
        .extracting(PhaseTimeline.Outlier::iteration)
        .containsExactly(20, 19, 18, 17, 16);
    assertThat(timeline.longest().get(0))
        .isEqualTo(new PhaseTimeline.Outlier(20, "30 s", "3", "broadcast +20 s", ""));
  }

  @Test
  void namesNoIterationOfAnEvenRun() {
    PhaseSeconds phases = new PhaseSeconds(1, 8, 1, 0, 0);
    assertThat(PhaseTimeline.of(history(timed(1, phases, 1), timed(2, phases, 1))).longest())
        .isEmpty();
    PhaseTimeline nothing = PhaseTimeline.of(history());
    assertThat(nothing.measured()).isFalse();
    assertThat(nothing.longest()).isEmpty();
  }

  @Test
  void writesNumbersForReaders() {
    assertThat(Wording.number(0.8123456)).isEqualTo("0.8123");
    assertThat(Wording.number(1234567)).isEqualTo("1235000");
    assertThat(Wording.number(-4.2e-7)).isEqualTo("-4.200e-07");
    assertThat(Wording.number(Double.NaN)).isEqualTo("NaN");
    assertThat(Wording.duration(59.5)).isEqualTo("59.5 s");
    assertThat(Wording.duration(754)).isEqualTo("12 min 34 s");
    assertThat(Wording.duration(7500)).isEqualTo("2 h 5 min");
  }

  @Test
  void rejectsAMissingFolder() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> HtmlReport.write(missing))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid run folder: " + missing + " (must be an existing folder)");
  }

  @Test
  void rejectsAResultThatIsNoObject() throws IOException {
    write("result.json", "[1]");
    assertThatThrownBy(() -> HtmlReport.write(folder))
        .hasMessage("Cannot read " + folder.resolve("result.json") + ": not a JSON object");
  }

  private static String page(Path run) throws IOException {
    return Files.readString(HtmlReport.write(run));
  }

  private static List<Integer> iterations(String page) {
    Matcher matcher = ROW.matcher(page);
    return matcher.results().map(row -> Integer.valueOf(row.group(1))).toList();
  }

  private static String row(int iteration, int failed, String alarm, String action) {
    return "<tr><th scope=\"row\" class=\"right\">%d</th><td class=\"right\">%d</td><td>%s</td><td>%s</td></tr>"
        .formatted(iteration, failed, alarm, action);
  }

  /** An iteration of as many seconds as its phases, at least 10. */
  private static IterationMetrics timed(
      int iteration, PhaseSeconds p, int executors, RecoveryNote... recoveries) {
    double named = p.broadcast() + p.chain() + p.gradient() + p.sum() + p.update();
    return new IterationMetrics(
        iteration,
        Math.max(10, named),
        4e-4,
        p,
        executors,
        List.of(),
        List.of(recoveries),
        List.of());
  }

  private static IterationMetrics scored(int iteration, SampleScore score) {
    return MadeUpRun.scored(timed(iteration, new PhaseSeconds(0, 1, 0, 0, 0), 1), score);
  }

  private static RunHistory history(IterationMetrics... iterations) {
    return new RunHistory(List.of(iterations), false);
  }

  private void log(int iterations) {
    RunLog log = new RunLog(folder.resolve("metrics.jsonl"));
    for (int i = 1; i <= iterations; i++) {
      log.append(MadeUpRun.iteration(i, new Random(i)));
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private void deleteSheets(String name) throws IOException {
    for (int side : MadeUpRun.LADDER.gridSides()) {
      Files.delete(folder.resolve(name).resolve("grid-" + side + ".png"));
    }
  }
}
