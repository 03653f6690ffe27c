package org.gridscape.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class BenchMarkdownTest {
  private static final String RESULTS =
      """
      {
        "machine": {"date": "2026-01-02T03:04:05Z", "cpu": "A", "cores": 2, "loadAverage": 0.5},
        "rounds": 5,
        "torch": {"version": "9.9", "chainModes": "eager, compile", "otherModes": "eager"},
        "sgemm": [{"threads": 2, "gigaflops": 123.4}],
        "chain": [{
          "preset": "paper", "grid": 4, "channels": 3, "network": "3x3-2, dense 1",
          "batchNorm": true, "batch": 16, "threads": 2, "gigaflopPerStep": 0.5,
          "stepsPerSecond": {"reference": 60, "pytorch": 40},
          "spread": {"reference": {"min": 50.06, "max": 70}, "pytorch": {"min": 39, "max": 41}},
          "pytorchMode": "eager",
          "gigaflops": {"reference": 30, "pytorch": null},
          "shareOfSgemm": {"reference": 0.24, "pytorch": null}
        }],
        "iteration": [{
          "title": "t", "sides": [1, 4, 8], "batch": 64, "cellSize": 16, "steps": 20, "threads": 1,
          "secondsPerIteration": {"reference": 2, "pytorch": 1},
          "spread": {"reference": {"min": 2, "max": 2}, "pytorch": {"min": 1, "max": 1}},
          "pytorchMode": "channels-last",
          "phases": {"reference": {"chain": 0.8, "gradient": 0.15, "rest": 0.05}}
        }],
        "penalty": [{
          "title": "t", "steps": 30, "threads": 1, "engine": "fused",
          "secondsPerIteration": {"without": 0.5, "with": 0.56},
          "spread": {"without": {"min": 0.4, "max": 0.6}, "with": {"min": 0.5, "max": 0.7}},
          "extra": {"median": 0.12, "min": 0.1, "max": 0.15}
        }],
        "batch": []
      }
      """;

  @Test
  void ratiosSayHowManyTimesAsFastAsPyTorch() throws Exception {
    assertThat(BenchMarkdown.render((ObjectNode) new ObjectMapper().readTree(RESULTS)))
        .contains("load average 0.50 at the start")
        .contains("Modes tried: eager, compile in the first table; eager in the others.")
        .contains("* sgemm (1024x1024, 2 at once): 123 GFLOP/s")
        .contains(
            "| paper | 4x4, 3 ch. | 3x3-2, dense 1, BN | 16 | 2 | 60 (50.1 to 70)"
                + " | - | 40 (39 to 41), eager | 1.50 | - |")
        .contains("| paper | 4 | 2 | 0.5 | 30, 24 % | - | - |")
        .contains(
            "| t | 1, 4, 8 | 64 | 16 | 20 | 1 | 2 (2 to 2) | - | 1 (1 to 1), channels-last"
                + " | 0.50 | - |")
        .contains("| t | 1 | reference | 80 % | 15 % | 5 % |")
        .contains(
            "| t | 30 | 1 | fused | 0.5 (0.400 to 0.600) | 0.560 (0.5 to 0.700)"
                + " | 12 % (10 % to 15 %) |")
        .doesNotContain("Cost against");
  }
}
