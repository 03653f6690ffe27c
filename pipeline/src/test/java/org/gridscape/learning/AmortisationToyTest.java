package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Collections;
import java.util.function.UnaryOperator;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.langevin.ChainNoise;
import org.gridscape.langevin.LangevinChain;
import org.gridscape.noise.NoiseStream;
import org.junit.jupiter.api.Test;

/**
 * A generator u(z) = c z that learns from chains which start at u(z) and sample N(0, 1): taught
 * with its own codes z it collapses, taught with codes z = e(y) of the chains' ends y it does not.
 * Derived.
 *
 * <p>Fifteen steps of eps = 0.1 keep the share r^15 of a start, r = 1 - eps^2 / 2. A refit moves c
 * a fifth of the way to the regression of the ends on the codes.
 */
class AmortisationToyTest {
  private static final ImageShape SHAPE = new ImageShape(1, 8);
  private static final int IMAGES = 256;
  private static final double EPS = 0.1;
  private static final int STEPS = 15;
  private static final double RATE = 0.2;
  private static final double KEPT = Math.pow(1 - EPS * EPS / 2, STEPS);

  /** The slope and the deviation of the chains' ends after so many updates. */
  private record Toy(double slope, double deviation) {}

  @Test
  void taughtWithItsOwnCodesTheGeneratorCollapses() {
    assertThat(taught(1, codes -> codes, true).slope()).isCloseTo(0.99, offset(0.01));
    Toy after50 = taught(50, codes -> codes, true);
    assertThat(after50.slope()).isCloseTo(0.48, offset(0.01));
    assertThat(after50.slope()).isCloseTo(Math.pow(1 - RATE * (1 - KEPT), 50), offset(0.01));
    Toy after470 = taught(470, codes -> codes, true);
    assertThat(after470.slope()).isCloseTo(0.001, offset(0.005));
    // What is left is the noise of fifteen steps.
    double noise = EPS * Math.sqrt((1 - KEPT * KEPT) / (1 - Math.pow(1 - EPS * EPS / 2, 2)));
    assertThat(after470.deviation()).isCloseTo(noise, offset(0.01));
    assertThat(after470.deviation()).isCloseTo(0.377, offset(0.01));
  }

  @Test
  void taughtWithCodesOfTheEndsItDoesNot() {
    for (int updates : new int[] {50, 470}) {
      Toy toy = taught(updates, Particles::whitened, false);
      assertThat(toy.slope()).isCloseTo(1.00, offset(0.01));
      assertThat(toy.deviation()).isCloseTo(1.00, offset(0.01));
    }
  }

  /**
   * Chains and refits in turns from c = 1.
   *
   * @param encoder from what is encoded to the codes that the ends are paired with
   * @param own whether the generator's own codes are encoded, or the ends
   */
  private static Toy taught(int updates, UnaryOperator<ImageBatch> encoder, boolean own) {
    double c = 1;
    double deviation = 1;
    LangevinChain chain =
        new LangevinChain(new QuadraticEngine(SHAPE, 1), Particles.chains(EPS, STEPS));
    NoiseStream stream = NoiseStream.of(5, NoiseStream.Purpose.LANGEVIN);
    for (int update = 1; update <= updates; update++) {
      ImageBatch z = Particles.standardised(SHAPE, IMAGES, update);
      ImageBatch y = Particles.affine(z, 0, c);
      chain.run(y, new ChainNoise(stream, update, 0, 0), Collections.nCopies(IMAGES, "image"));
      ImageBatch codes = encoder.apply(own ? z : y);
      c += RATE * (Particles.meanProduct(codes, y) - c);
      deviation = Particles.deviation(y);
    }
    return new Toy(c, deviation);
  }
}
