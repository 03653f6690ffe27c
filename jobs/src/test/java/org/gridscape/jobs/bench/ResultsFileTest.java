package org.gridscape.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ResultsFileTest {
  private static final String BEFORE =
      """
      # Benchmarks

      Monday

      ## Speed
      fast

      ### Of what
      all

      ## Size
      small

      ## By hand
      kept
      """;
  private static final Set<String> BENCH = Set.of("Speed", "Size");

  @Test
  void sectionsOfAnotherMeasurementStay() {
    assertThat(ResultsFile.merge(BEFORE, "# Benchmarks\n\nFriday\n\n## Speed\nfaster\n", BENCH))
        .isEqualTo(
            """
            # Benchmarks

            Friday

            ## Speed
            faster

            ## By hand
            kept
            """);
  }

  @Test
  void aSectionAloneIsAddedOrReplacedWithoutTouchingTheRest() {
    Set<String> owned = Set.of("Processes");
    String added = ResultsFile.merge(BEFORE, "## Processes\ntwo\n", owned);
    assertThat(added).isEqualTo(BEFORE + "\n## Processes\ntwo\n");
    assertThat(ResultsFile.merge(added, "## Processes\nthree\n", owned))
        .isEqualTo(BEFORE + "\n## Processes\nthree\n");
    assertThat(ResultsFile.merge("", "## Processes\ntwo\n", owned))
        .isEqualTo("## Processes\ntwo\n");
  }

  @Test
  void theSameMeasurementAgainChangesNothing() {
    String own = BEFORE.substring(0, BEFORE.indexOf("\n## By hand"));
    assertThat(ResultsFile.merge(BEFORE, own, BENCH)).isEqualTo(BEFORE);
  }
}
