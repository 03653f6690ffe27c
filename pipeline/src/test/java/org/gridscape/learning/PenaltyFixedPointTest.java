package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.langevin.ChainStart;
import org.gridscape.pyramid.GridLadder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where the penalty moves learning: f = - a x^2 / 2 on images whose pixels have variance 1, for
 * which a = 1 is right. Derived.
 */
class PenaltyFixedPointTest {
  private static final double EPS = 0.3;
  private static final ImageShape SHAPE = new ImageShape(1, 8);
  private static final int IMAGES = 256;

  /** The root of 1/(2a) - 1/2 - 2 gamma [(1 - beta) + beta a] = 0. */
  @ParameterizedTest
  @CsvSource({
    "0, 0.5, 1, 1e-9",
    "0.001, 0.5, 0.996, 5e-4",
    "0.01, 0.5, 0.9622, 5e-5",
    "0.1, 0.5, 0.7417, 5e-5",
    "0.01, 0, 0.9615, 5e-5",
    "0.1, 0, 0.7143, 5e-5",
    "0.01, 1, 0.9629, 5e-5",
    "0.1, 1, 0.7656, 5e-5"
  })
  void exactChainsEndAtTheRoot(double gamma, double beta, double a, double tolerance) {
    assertThat(root(x -> gradient(x, 1 / x, gamma, beta))).isCloseTo(a, offset(tolerance));
    // Every gradient is taken at the variance of the model; as an equation in a alone.
    assertThat(root(x -> 1 / (2 * x) - 0.5 - 2 * gamma * (1 - beta + beta * x)))
        .isCloseTo(a, offset(tolerance));
  }

  @ParameterizedTest
  @CsvSource({"0.001, 1.004", "0.01, 1.039", "0.1, 1.348"})
  void theModelSpreadsWiderThanTheImages(double gamma, double variance) {
    assertThat(1 / root(x -> gradient(x, 1 / x, gamma, 0.5))).isCloseTo(variance, offset(6e-4));
  }

  /** Steps of a finite size widen the chains by the factor 1 / (1 - eps^2 a / 4). */
  @ParameterizedTest
  @CsvSource({"0, 1.023", "0.01, 0.982", "0.1, 0.751"})
  void persistentChainsLearnTheRootOfTheirOwnVariance(double gamma, double a) {
    double expected = root(x -> gradient(x, 1 / (x * (1 - EPS * EPS * x / 4)), gamma, 0.5));
    assertThat(expected).isCloseTo(a, offset(2e-3));
    // 16,384 particles over 250 iterations of 5 steps: a standard error of about 0.001.
    assertThat(learned(gamma)).isCloseTo(expected, offset(0.005));
  }

  /** a as the project learns it: the mean over the later half of the iterations. */
  private static double learned(double gamma) {
    int iterations = 500;
    LearningSettings settings =
        new LearningSettings(
            new GridLadder(List.of(1, SHAPE.side())),
            Particles.chains(EPS, 5),
            new ChainStart.Persistent(),
            0,
            false,
            0,
            new GradientPenalty(List.of(gamma), 0.5, 1),
            new StepSchedule(5, 1),
            iterations,
            3,
            0);
    ImageBatch observed = Particles.standardised(SHAPE, IMAGES, 2);
    List<String> ids = Collections.nCopies(IMAGES, "image");
    List<ImageBatch> states = List.of(ImageBatch.zeros(SHAPE, IMAGES));
    float[] parameters = new float[new QuadraticEngine(SHAPE, 0).network().parameterCount()];
    parameters[0] = 1;
    double sum = 0;
    for (int iteration = 1; iteration <= iterations; iteration++) {
      QuadraticEngine engine = new QuadraticEngine(SHAPE, parameters[0]);
      CellGradient gradient =
          new CellLearner(settings, List.of(engine))
              .learn(new Cell(iteration, 0, observed, ids, states));
      states = gradient.states();
      // Of a pixel: every pixel of an image is a particle of its own.
      parameters[0] += 0.1f * gradient.gradients().get(0)[0] / (IMAGES * SHAPE.size());
      sum += iteration > iterations / 2 ? parameters[0] : 0;
    }
    return sum / (iterations - iterations / 2);
  }

  /**
   * The derivative by a of mean f(x) - mean f(y) - gamma [beta mean f'(x)^2 + (1 - beta) mean
   * f'(y)^2], x of variance 1.
   *
   * @param variance of y, which stands still
   */
  private static double gradient(double a, double variance, double gamma, double beta) {
    return 0.5 * (variance - 1) - 2 * gamma * a * (beta + (1 - beta) * variance);
  }

  /** Bisection of a function that falls through 0 in (0.01, 10). */
  private static double root(DoubleUnaryOperator function) {
    double low = 0.01;
    double high = 10;
    for (int i = 0; i < 80; i++) {
      double middle = (low + high) / 2;
      if (function.applyAsDouble(middle) > 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
