package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.InitialParameters;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.langevin.ChainStart;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** New images of a model that has learned nothing yet, on two cores. */
class SamplerIT {
  private static final ImageBatch COLOURS =
      new ImageBatch(new ImageShape(1, 1), 3, new float[] {10f, 120f, 230f});
  private static SparkSession session;

  @BeforeAll
  static void startSpark() {
    session = TinyRun.session("local[2]");
  }

  @AfterAll
  static void stopSpark() {
    session.stop();
  }

  @Test
  void anImageIsTheSameHoweverManyAreDrawn() {
    List<SampleCell> six = draw(colours(3), 6, 4);
    List<SampleCell> two = draw(colours(3), 2, 4);
    assertThat(six).extracting(SampleCell::first).containsExactly(0, 4);
    assertThat(six).extracting(SampleCell::count).containsExactly(4, 2);
    assertThat(two).hasSize(1);
    for (int grid = 0; grid < 2; grid++) {
      byte[] drawn = two.get(0).grids().get(grid);
      assertThat(drawn).hasSize(2 * TinyRun.networks().get(grid).shape().size());
      assertThat(Arrays.copyOf(six.get(0).grids().get(grid), drawn.length)).isEqualTo(drawn);
      assertThat(six.get(1).values().get(grid)).hasSize(2);
    }
  }

  @Test
  void startsAreTheColoursGiven() {
    for (SampleCell cell : draw(colours(0), 64, 16)) {
      assertThat(cell.starts()).hasSize(16).containsOnly((byte) 10, (byte) 120, (byte) 230);
    }
  }

  @Test
  void chainsFromNoiseHaveNoColours() {
    List<SampleCell> cells = draw(new SamplingPlan.SampleStart.Noise(), 4, 4);
    assertThat(cells.get(0).starts()).isEmpty();
    assertThat(cells.get(0).grids().get(1))
        .isNotEqualTo(draw(colours(0), 4, 4).get(0).grids().get(1));
  }

  private static SamplingPlan.SampleStart colours(float jitter) {
    return new SamplingPlan.SampleStart.Colours(COLOURS, jitter);
  }

  private static List<SampleCell> draw(SamplingPlan.SampleStart start, int count, int cellSize) {
    ModelState state =
        ModelState.initial(
            TinyRun.networks(), InitialParameters.FAN_IN_UNIFORM, TinyRun.OPTIMIZER, TinyRun.SEED);
    SamplingPlan plan =
        new SamplingPlan(
            TinyRun.networks(),
            GeneratorSpec.NONE,
            state.average(),
            ChosenEngine.kind(),
            TinyRun.learning(new ChainStart.MinimalImage(), 3).langevin(),
            start,
            cellSize,
            count,
            5L);
    return new Sampler(TinyRun.context(session)).draw(plan).collect();
  }
}
