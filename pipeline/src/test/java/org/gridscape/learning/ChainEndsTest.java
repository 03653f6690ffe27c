package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import java.util.Random;
import org.gridscape.energy.Activation;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.NetworkSpec;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.junit.jupiter.api.Test;

class ChainEndsTest {
  private static final GridNetwork NETWORK =
      new GridNetwork(
          NetworkSpec.parse("1x1-1, dense 1", new Activation.LeakyRelu(0.2), false),
          new ImageShape(1, 1));

  /** f = w x on positive x: an update of w by d changes it by d x. */
  @Test
  void theDissipationIsHalfTheVarianceOfTheChange() {
    ImageBatch images = new ImageBatch(NETWORK.shape(), 4, new float[] {1f, 2f, 3f, 6f});
    try (RecordingEngine now = engine(2.5f, 0);
        RecordingEngine before = engine(2f, 0)) {
      ChangeSums change = changes(images, now, before);
      assertThat(change).isEqualTo(new ChangeSums(4, 6, 12.5));
      assertThat(change.dissipation().orElseThrow()).isCloseTo(0.5 * 0.25 * 3.5, offset(1e-12));
    }
  }

  @Test
  void aBiasAndChainsInOnePlaceDissipateNothing() {
    ImageBatch images = new ImageBatch(NETWORK.shape(), 3, new float[] {1f, 2f, 3f});
    ImageBatch same = new ImageBatch(NETWORK.shape(), 3, new float[] {2f, 2f, 2f});
    try (RecordingEngine now = engine(2.5f, 4);
        RecordingEngine shifted = engine(2.5f, 1);
        RecordingEngine steeper = engine(2f, 4)) {
      assertThat(changes(images, now, shifted).change()).isEqualTo(9);
      assertThat(changes(images, now, shifted).dissipation()).hasValue(0);
      assertThat(changes(same, now, steeper).change()).isEqualTo(3);
      assertThat(changes(same, now, steeper).dissipation()).hasValue(0);
    }
  }

  /** KL of two normal laws, N(d, 1) from N(0, 1): f changes by d x, and KL is d^2 / 2. */
  @Test
  void theDissipationOfATiltOfANormalLawIsItsDivergence() {
    int count = 100_000;
    double shift = 0.1;
    Random random = new Random(3);
    float[] before = new float[count];
    float[] now = new float[count];
    for (int i = 0; i < count; i++) {
      double x = shift + random.nextGaussian();
      now[i] = (float) (shift * x - 0.5 * x * x);
      before[i] = (float) (-0.5 * x * x);
    }
    double divergence = shift * shift / 2;
    double standardError = divergence * Math.sqrt(2.0 / count);
    assertThat(ChangeSums.of(now, before).dissipation().orElseThrow())
        .isCloseTo(divergence, offset(5 * standardError));
  }

  private static ChangeSums changes(ImageBatch images, EnergyEngine now, EnergyEngine before) {
    ChainEnds ends = new ChainEnds(List.of(images), List.of(now.values(images)));
    return ends.since(List.of(before)).get(0);
  }

  /** Flat order: bias and weight of the convolution, weight and bias of the head. */
  private static RecordingEngine engine(float weight, float bias) {
    return new RecordingEngine(NETWORK, new float[] {0f, 1f, weight, bias});
  }
}
