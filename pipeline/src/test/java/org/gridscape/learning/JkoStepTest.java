package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Collections;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.langevin.ChainNoise;
import org.gridscape.langevin.LangevinChain;
import org.gridscape.noise.NoiseStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A step of the JKO flow of KL(rho || N(0, 1)) is a Langevin step with eps^2 / 2 = h, to first
 * order: so w-GCN leaves the chains as they are. Closed forms for normal distributions, derived;
 * the first tests check the derivation, the last one that chains do what it says.
 */
class JkoStepTest {
  private static final Normal START = new Normal(1.5, 0.5);

  /** N(mean, deviation^2). */
  private record Normal(double mean, double deviation) {}

  @Test
  void aStepOfEachFromTheSameDistribution() {
    Normal jko = jko(0.01);
    assertThat(jko.mean()).isCloseTo(1.48515, offset(5e-6));
    assertThat(jko.deviation()).isCloseTo(0.51430, offset(5e-6));
    Normal langevin = langevin(0.01);
    assertThat(langevin.mean()).isCloseTo(1.48500, offset(5e-6));
    assertThat(langevin.deviation()).isCloseTo(0.51481, offset(5e-6));
  }

  /** The closed form is where the functional of the step is least. */
  @ParameterizedTest
  @CsvSource({"0.05", "0.01", "0.001"})
  void theStepMinimisesItsFunctional(double h) {
    Normal step = jko(h);
    double least = functional(h, step);
    for (int direction = 0; direction < 16; direction++) {
      double angle = direction * Math.PI / 8;
      Normal beside =
          new Normal(
              step.mean() + 1e-3 * Math.cos(angle), step.deviation() + 1e-3 * Math.sin(angle));
      assertThat(functional(h, beside)).isGreaterThan(least);
    }
  }

  @ParameterizedTest
  @CsvSource({"0.05, 3.6e-3, 9.6e-3", "0.01, 1.5e-4, 5.0e-4", "0.001, 1.5e-6, 5.5e-6"})
  void theyDifferBySecondOrder(double h, double ofMean, double ofDeviation) {
    assertThat(Math.abs(jko(h).mean() - langevin(h).mean()))
        .isCloseTo(ofMean, offset(0.02 * ofMean));
    assertThat(Math.abs(jko(h).deviation() - langevin(h).deviation()))
        .isCloseTo(ofDeviation, offset(0.02 * ofDeviation));
  }

  /** Four standard errors of four million particles tell the two deviations apart. */
  @Test
  void theChainTakesTheLangevinStep() {
    double h = 0.01;
    ImageShape shape = new ImageShape(1, 32);
    int images = 4096;
    ImageBatch particles =
        Particles.affine(
            Particles.standardised(shape, images, 1),
            START.mean() / START.deviation(),
            START.deviation());
    new LangevinChain(new QuadraticEngine(shape, 1), Particles.chains(Math.sqrt(2 * h), 1))
        .run(
            particles,
            new ChainNoise(NoiseStream.of(5, NoiseStream.Purpose.LANGEVIN), 1, 0, 0),
            Collections.nCopies(images, "image"));
    Normal expected = langevin(h);
    int n = particles.pixels().length;
    assertThat(Particles.mean(particles))
        .isCloseTo(expected.mean(), offset(4 * Math.sqrt(2 * h / n)));
    // Only the noise of the step is drawn. Of the variance: its own, and its product with what the
    // particles were before.
    double ofVariance =
        Math.sqrt(2.0 / n) * 2 * h + 2 * (1 - h) * START.deviation() * Math.sqrt(2 * h / n);
    double ofDeviation = 4 * ofVariance / (2 * expected.deviation());
    assertThat(ofDeviation).isLessThan((expected.deviation() - jko(h).deviation()) / 1.5);
    assertThat(Particles.deviation(particles)).isCloseTo(expected.deviation(), offset(ofDeviation));
  }

  /** KL(N(m, s^2) || N(0, 1)) + W2^2 / (2 h), W2 the transport from the start. */
  private static double functional(double h, Normal rho) {
    double m = rho.mean();
    double s = rho.deviation();
    double kl = 0.5 * (m * m + s * s - 1) - Math.log(s);
    double dm = m - START.mean();
    double ds = s - START.deviation();
    return kl + (dm * dm + ds * ds) / (2 * h);
  }

  /** Where its derivatives are 0: m (1 + h) = m0 and s^2 (1 + h) - s s0 - h = 0. */
  private static Normal jko(double h) {
    double s0 = START.deviation();
    return new Normal(
        START.mean() / (1 + h), (s0 + Math.sqrt(s0 * s0 + 4 * h * (1 + h))) / (2 * (1 + h)));
  }

  /** x' = (1 - h) x + sqrt(2 h) z. */
  private static Normal langevin(double h) {
    double kept = (1 - h) * START.deviation();
    return new Normal((1 - h) * START.mean(), Math.sqrt(kept * kept + 2 * h));
  }
}
