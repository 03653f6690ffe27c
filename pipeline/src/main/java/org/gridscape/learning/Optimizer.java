package org.gridscape.learning;

import java.io.Serializable;

/**
 * Turns a gradient into an update of the parameters, ascending.
 *
 * <p>Plain Java floats with roots and powers of {@link StrictMath}: the driver's machine does not
 * change the bits.
 */
public sealed interface Optimizer extends Serializable {

  /** Running averages the method needs. */
  int moments();

  /**
   * Makes one update.
   *
   * @param parameters changed in place
   * @param gradient of the objective to be maximised; not modified
   * @param state changed in place, not to be used again
   * @return the state for the next update
   */
  OptimizerState update(
      float[] parameters, float[] gradient, OptimizerState state, double learningRate);

  /** A state before the first update. */
  default OptimizerState start(int parameters) {
    return OptimizerState.zeros(moments(), parameters);
  }

  /**
   * Adam with bias correction. Source: Kingma, Ba 2015, Algorithm 1.
   *
   * @param beta1 decay of the mean, in [0, 1)
   * @param beta2 decay of the squares, in [0, 1)
   * @param epsilon added to the root, positive
   */
  record Adam(double beta1, double beta2, double epsilon) implements Optimizer {
    /** Rejects decays outside [0, 1), and an epsilon under which 0 is divided by 0. */
    public Adam {
      requireDecay("adam beta1", beta1);
      requireDecay("adam beta2", beta2);
      if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
        throw new IllegalArgumentException(
            "Invalid adam epsilon: " + epsilon + " (must be > 0 and finite)");
      }
    }

    @Override
    public int moments() {
      return 2;
    }

    @Override
    public OptimizerState update(
        float[] parameters, float[] gradient, OptimizerState state, double learningRate) {
      OptimizerState next = state.next();
      float[] mean = state.moments().get(0);
      float[] square = state.moments().get(1);
      double meanScale = learningRate / (1 - StrictMath.pow(beta1, next.updates()));
      double squareScale = 1 / (1 - StrictMath.pow(beta2, next.updates()));
      for (int i = 0; i < parameters.length; i++) {
        double g = gradient[i];
        mean[i] = (float) (beta1 * mean[i] + (1 - beta1) * g);
        square[i] = (float) (beta2 * square[i] + (1 - beta2) * g * g);
        parameters[i] +=
            (float) (meanScale * mean[i] / (Math.sqrt(squareScale * square[i]) + epsilon));
      }
      return next;
    }
  }

  /**
   * Classical momentum, v <- m v + r g, x <- x + v; plain ascent for m = 0. Used by the authors'
   * first released code.
   *
   * @param momentum m, in [0, 1)
   */
  record Momentum(double momentum) implements Optimizer {
    /** Rejects decays outside [0, 1). */
    public Momentum {
      requireDecay("momentum", momentum);
    }

    @Override
    public int moments() {
      return 1;
    }

    @Override
    public OptimizerState update(
        float[] parameters, float[] gradient, OptimizerState state, double learningRate) {
      float[] velocity = state.moments().get(0);
      for (int i = 0; i < parameters.length; i++) {
        velocity[i] = (float) (momentum * velocity[i] + learningRate * gradient[i]);
        parameters[i] += velocity[i];
      }
      return state.next();
    }
  }

  /**
   * Nesterov's momentum in the form of Sutskever et al. 2013 with the parameters at the look-ahead
   * point: v <- m v + r g, x <- x + m v + r g.
   *
   * @param momentum m, in [0, 1)
   */
  record Nesterov(double momentum) implements Optimizer {
    /** Rejects decays outside [0, 1). */
    public Nesterov {
      requireDecay("nesterov momentum", momentum);
    }

    @Override
    public int moments() {
      return 1;
    }

    @Override
    public OptimizerState update(
        float[] parameters, float[] gradient, OptimizerState state, double learningRate) {
      float[] velocity = state.moments().get(0);
      for (int i = 0; i < parameters.length; i++) {
        double push = learningRate * gradient[i];
        velocity[i] = (float) (momentum * velocity[i] + push);
        parameters[i] += (float) (momentum * velocity[i] + push);
      }
      return state.next();
    }
  }

  private static void requireDecay(String name, double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be in [0, 1))".formatted(name, decay));
    }
  }
}
