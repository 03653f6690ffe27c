package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the penalty is for: the largest mean f(x) - mean f(y) - gamma mean |f'|^2 over all f is a
 * distance, (1 / 4 gamma) times the integral of (F1 - F0)^2 / rho, F0 and F1 the distribution
 * functions of y and x, rho the mean of their densities (beta = 1/2). Derived; by quadrature
 * between N(0, 1) and N(d, 1). This checks the derivation alone; that the penalty is what is
 * learned with is for {@link PenaltyFixedPointTest}.
 */
class PenalisedTransportTest {
  private static final double STEP = 1e-3;
  private static final double BEYOND = 8;

  /** Near the squared Wasserstein distance d^2, nearer the smaller it is. */
  @ParameterizedTest
  @CsvSource({"2, 4.377, 5e-4", "1, 1.0097, 5e-5", "0.5, 0.25019, 5e-6", "0.1, 0.0100000, 1e-7"})
  void theIntegralIsTheSquaredDistanceToFirstOrder(double d, double integral, double tolerance) {
    assertThat(norm(d)).isCloseTo(integral, offset(tolerance));
    assertThat(norm(d) / (d * d)).isGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 1})
  void theBestFunctionAttainsTheLargestValue(double gamma) {
    double d = 1;
    double largest = norm(d) / (4 * gamma);
    DoubleUnaryOperator best = x -> -difference(d, x) / (2 * gamma * density(d, x));
    assertThat(objective(d, gamma, best)).isCloseTo(largest, offset(1e-5 * largest));
    DoubleUnaryOperator[] changes = {
      x -> 1, x -> x, x -> Math.sin(3 * x), x -> Math.exp(-x * x), x -> x > 0.3 ? 1 : 0
    };
    for (DoubleUnaryOperator change : changes) {
      double lost =
          0.25 * gamma * integral(d, x -> density(d, x) * Math.pow(change.applyAsDouble(x), 2));
      for (double sign : new double[] {-0.5, 0.5}) {
        DoubleUnaryOperator other = x -> best.applyAsDouble(x) + sign * change.applyAsDouble(x);
        assertThat(objective(d, gamma, other))
            .isCloseTo(largest - lost, offset(1e-3 * lost + 1e-7 * largest));
      }
    }
  }

  /** What a run may log: gap = 2 gamma x penalty, once f has settled. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 1})
  void atTheBestFunctionTheGapIsTwiceThePenalty(double gamma) {
    double d = 1;
    DoubleUnaryOperator best = x -> -difference(d, x) / (2 * gamma * density(d, x));
    double penalty = integral(d, x -> density(d, x) * Math.pow(best.applyAsDouble(x), 2));
    assertThat(gap(d, best)).isCloseTo(2 * gamma * penalty, offset(1e-5 * penalty));
  }

  private static double norm(double d) {
    return integral(d, x -> Math.pow(difference(d, x), 2) / density(d, x));
  }

  private static double objective(double d, double gamma, DoubleUnaryOperator slope) {
    return gap(d, slope)
        - gamma * integral(d, x -> density(d, x) * Math.pow(slope.applyAsDouble(x), 2));
  }

  /** Mean f(x) - mean f(y), f by its derivative: f(x) times the difference of the densities. */
  private static double gap(double d, DoubleUnaryOperator slope) {
    double f = 0;
    double sum = 0;
    double before = slope.applyAsDouble(-BEYOND);
    for (int i = 1; i <= steps(d); i++) {
      double x = i * STEP - BEYOND;
      double now = slope.applyAsDouble(x);
      f += STEP * (before + now) / 2;
      before = now;
      sum += STEP * f * (normal(x - d) - normal(x));
    }
    return sum;
  }

  /** By the trapezoidal rule: the integrands vanish at both ends. */
  private static double integral(double d, DoubleUnaryOperator integrand) {
    double sum = 0;
    for (int i = 0; i <= steps(d); i++) {
      sum += STEP * integrand.applyAsDouble(i * STEP - BEYOND);
    }
    return sum;
  }

  private static int steps(double d) {
    return (int) ((2 * BEYOND + d) / STEP);
  }

  /** F1 - F0, from the tail on whose side x lies, where it is small but not rounded. */
  private static double difference(double d, double x) {
    double side = x > d / 2 ? 1 : -1;
    double root = Math.sqrt(2);
    return side * 0.5 * (Erf.erfc(side * x / root) - Erf.erfc(side * (x - d) / root));
  }

  private static double density(double d, double x) {
    return 0.5 * (normal(x) + normal(x - d));
  }

  private static double normal(double x) {
    return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  }
}
