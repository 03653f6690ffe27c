package org.gridscape.jobs.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.gridscape.jobs.experiment.LadderResults.RungFacts;
import org.gridscape.report.GridMetrics;
import org.gridscape.report.IterationMetrics;
import org.gridscape.report.PhaseSeconds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arithmetic of a ladder's tables. */
class LadderMarkdownTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final RungFacts GCN = new RungFacts("gcn", 20, 80, 12);
  private static final RungFacts PENALISED = new RungFacts("w-gcn", 20, 80, 20);

  @Test
  void aSummaryIsTheMeanAndTheSampleDeviation() {
    Summary three = Summary.of(DoubleStream.of(20, 26, 23));
    assertThat(three).isEqualTo(new Summary(3, 23, 3));
    assertThat(Summary.of(DoubleStream.of(5))).isEqualTo(new Summary(1, 5, Double.NaN));
    assertThat(Summary.of(DoubleStream.empty())).isEqualTo(new Summary(0, Double.NaN, Double.NaN));
    assertThat(Summary.median(List.of(3.0, 1.0, 7.0))).isEqualTo(3);
    assertThat(Summary.median(List.of(3.0, 1.0, 7.0, 4.0))).isEqualTo(3.5);
    assertThat(Summary.median(List.of())).isNaN();
  }

  /** Gaps of both signs count by their size; of 20 iterations the last two. */
  @Test
  void theResponseDistanceIsThatOfTheLastTenth() {
    List<IterationMetrics> log = new ArrayList<>();
    for (int iteration = 1; iteration <= 20; iteration++) {
      log.add(iteration(iteration, iteration == 20 ? -0.4 : iteration == 19 ? 0.2 : 9, 0.5));
    }
    List<GridResponse> responses = GridResponse.of(log);
    assertThat(responses).hasSize(2);
    assertThat(responses.get(1).side()).isEqualTo(8);
    assertThat(responses.get(1).distance()).isCloseTo(0.3, offset(1e-12));
    assertThat(responses.get(1).perDeviation()).isCloseTo(0.6, offset(1e-12));
    assertThat(responses.get(1).largest()).isEqualTo(9);
    assertThat(responses.get(0).largest()).isEqualTo(18);
    assertThat(responses.get(0).distance()).isCloseTo(0.6, offset(1e-12));
    assertThat(GridResponse.of(List.of())).isEmpty();
    assertThat(GridResponse.of(log.subList(18, 19)).get(1).distance())
        .isCloseTo(0.2, offset(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.00",
    "23.456, 23.5",
    "9.999, 10.00",
    "1234.5, 1235",
    "0.012345, 0.0123",
    "-0.5, -0.500",
    "1e-9, 0.000000",
    "NaN, -",
    "Infinity, Infinity"
  })
  void numbersHaveThreeDigits(double value, String text) {
    assertThat(LadderMarkdown.number(value)).isEqualTo(text);
  }

  @Test
  void tablesSummariseOverSeedsAndLeaveDashesForWhatIsNotKnown() {
    LadderResults results =
        new LadderResults(
            settings(),
            List.of(GCN, PENALISED),
            List.of(
                run(1, 0, "", List.of(new Score(20, 18, 22.5, 0.5))),
                run(2, 1, "", List.of(new Score(26, Double.NaN, Double.NaN, 0.7))),
                run(3, 4, "Training diverged", List.of())),
            List.of(
                new ShortRun("gcn", 1, 4, true, "alarm", swinging(8)),
                new ShortRun("gcn", 2, 4, false, "", swinging(5)),
                new ShortRun("gcn", 1, 16, true, "alarm", List.of())),
            List.of(
                new SteppedSamples("gcn", 1, 5, 123.4, "", List.of(new Score(31, 30, 32, 0.9))),
                new SteppedSamples("gcn", 1, 60, Double.NaN, "Chain diverged", List.of())));
    String page = LadderMarkdown.render(results);
    assertThat(page)
        .contains(
            "| gcn | 2 of 3 | 23.0 +- 4.24 | 12 | 0.300 +- 0.00 | 0.600 +- 0.00 | 0.600 +- 0.141 | 2.00 +- 0.00 | 40.0 +- 0.00 | 20 | 80.0 | [gcn](sheet-gcn.png) |")
        .contains("| w-gcn | 0 of 0 | - | 20 | - | - | - | - | - | 20 | 80.0 | - |")
        .contains(
            "| ladder-gcn-1 | 20.0 (18.0 to 22.5) | 0.500 | 0.300 | 0.600 | 1.00 | 2.00 | 0 |  |")
        .contains("| ladder-gcn-2 | 26.0 | 0.700 | 0.300 | 0.600 | 2.00 | 2.00 | 1 |  |")
        .contains("| ladder-gcn-3 | - | - | 0.300 | 0.600 | 3.00 | 2.00 | 4 | Training diverged |")
        .contains("| rung | x1 | x4 | x16 |")
        .contains("| gcn | 2 of 3 (3.00) | 1 of 2 (8.00) | 1 of 1 |")
        .contains("| w-gcn | - | - | - |")
        .contains("| gcn | 5 | 31.0 (30.0 to 32.0) | 0.900 | 123 |  |")
        .contains("| gcn | 60 | - | - | - | Chain diverged |")
        .contains("Held-out images have the distance 1.40.")
        .contains("their first 60 iterations");
  }

  @Test
  void resultsReadAsJson() {
    LadderResults results =
        new LadderResults(
            settings(),
            List.of(GCN),
            List.of(run(1, 0, "", List.of(new Score(20, 18, 22.5, 0.5)))),
            List.of(new ShortRun("gcn", 1, 4, true, "alarm", swinging(8))),
            List.of());
    ObjectNode json = JSON.valueToTree(results);
    assertThat(json.at("/runs/0/score/0/distance").asDouble()).isEqualTo(20);
    assertThat(json.at("/runs/0/responses/1/side").asInt()).isEqualTo(8);
    assertThat(json.at("/divergence/0/diverged").asBoolean()).isTrue();
    assertThat(json.at("/divergence/0/responses/1/largest").asDouble()).isEqualTo(8);
    assertThat(json.at("/rungs/0/stepsAnImage").asDouble()).isEqualTo(80);
    assertThat(json.at("/settings/engine").asText()).isEqualTo("fused");
  }

  private static List<GridResponse> swinging(double largest) {
    return List.of(new GridResponse(4, 0, 0, 99), new GridResponse(8, 0, 0, largest));
  }

  private static LadderRun run(long seed, int alarms, String remark, List<Score> score) {
    return new LadderRun(
        "gcn",
        seed,
        "ladder-gcn-" + seed,
        20,
        alarms,
        remark,
        2,
        40,
        List.of(new GridResponse(4, 0.6, 0.6, 7), new GridResponse(8, 0.3, 0.6, seed)),
        score);
  }

  private static ObjectNode settings() {
    ObjectNode settings = JSON.createObjectNode();
    settings.put("engine", "fused").put("divergenceIterations", 60).put("heldOut", 1.4);
    settings.putArray("rates").add(1.0).add(4.0).add(16.0);
    return settings;
  }

  private static IterationMetrics iteration(int number, double gap, double deviation) {
    return new IterationMetrics(
        number,
        2,
        1e-3,
        new PhaseSeconds(0, 0, 0, 0, 0),
        1,
        List.of(grid(4, 2 * gap, deviation), grid(8, gap, deviation)),
        List.of(),
        List.of());
  }

  private static GridMetrics grid(int side, double gap, double deviation) {
    return new GridMetrics(side, gap, gap, deviation, 0, 1, 1, 0, 1, List.of(), List.of());
  }
}
