package org.gridscape.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.gridscape.metrics.FeatureMoments;
import org.junit.jupiter.api.Test;

class ScoreTest {
  @Test
  void measuresEverySetAgainstTheTrainingImages() {
    FeatureMoments training = around(0);
    Score score = Score.of("pixels-v1", training, around(2), around(3), around(1));
    assertThat(score).isEqualTo(new Score("pixels-v1", 4, 9, 1));
  }

  private static FeatureMoments around(double mean) {
    return new FeatureMoments(2, new double[] {mean}, new double[] {0});
  }
}
