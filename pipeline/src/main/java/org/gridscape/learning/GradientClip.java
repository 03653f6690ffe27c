package org.gridscape.learning;

import java.io.Serializable;
import org.gridscape.energy.Network;

/** Bounds the gradient of a network before the optimiser sees it. */
public sealed interface GradientClip extends Serializable {

  /** Scales down in place what exceeds the bound. */
  void apply(float[] gradient, Network network);

  /** No bound. */
  record None() implements GradientClip {
    @Override
    public void apply(float[] gradient, Network network) {}
  }

  /**
   * Bounds the Euclidean norm of the whole gradient.
   *
   * @param bound positive
   */
  record Norm(double bound) implements GradientClip {
    /** Rejects bounds that leave nothing. */
    public Norm {
      requireBound(bound);
    }

    @Override
    public void apply(float[] gradient, Network network) {
      double norm = norm(gradient);
      if (norm > bound) {
        scale(gradient, 0, gradient.length, bound / norm);
      }
    }
  }

  /**
   * Bounds the largest absolute entry of each tensor of weights and of batch normalisation, scaling
   * the whole tensor; biases are left alone. The authors' first released code does so with bound 1.
   *
   * @param bound positive
   */
  record Largest(double bound) implements GradientClip {
    /** Rejects bounds that leave nothing. */
    public Largest {
      requireBound(bound);
    }

    @Override
    public void apply(float[] gradient, Network network) {
      for (Network.Tensor tensor : network.tensors()) {
        if (tensor.role() == Network.Role.BIAS) {
          continue;
        }
        double largest = 0;
        for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
          largest = Math.max(largest, Math.abs(gradient[i]));
        }
        if (largest > bound) {
          scale(gradient, tensor.offset(), tensor.length(), bound / largest);
        }
      }
    }
  }

  /** Euclidean norm of a gradient. */
  static double norm(float[] gradient) {
    double squares = 0;
    for (float g : gradient) {
      squares += (double) g * g;
    }
    return Math.sqrt(squares);
  }

  private static void scale(float[] gradient, int from, int length, double factor) {
    for (int i = from; i < from + length; i++) {
      gradient[i] *= (float) factor;
    }
  }

  private static void requireBound(double bound) {
    if (!(bound > 0)) {
      throw new IllegalArgumentException("Invalid gradient clip: " + bound + " (must be > 0)");
    }
  }
}
