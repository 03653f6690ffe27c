package org.gridscape.energy;

import java.io.Serializable;
import java.util.List;

/** A network whose parameters are one float array, in DL4J's flat order. */
public sealed interface Network extends Serializable permits GridNetwork, MapNetwork {

  /** What a tensor of parameters does. */
  enum Role {
    /** Multiplies; initialised at random. */
    WEIGHT,
    /** Is added. */
    BIAS,
    /** Scales normalised values; starts at 1. */
    GAMMA,
    /** Shifts normalised values; starts at 0. */
    BETA,
    /** Kept by DL4J's layout, neither learned nor read. */
    UNUSED
  }

  /**
   * One tensor in the flat array.
   *
   * @param role what it does
   * @param offset first index in the flat array
   * @param length number of values
   * @param fanIn inputs that feed one output
   * @param fanOut outputs that one input feeds
   * @param zero whether it starts at 0 whatever its role: the last layer of a correction, so that
   *     it corrects nothing at first
   */
  record Tensor(Role role, int offset, int length, int fanIn, int fanOut, boolean zero) {
    /** A tensor that starts as its role says. */
    Tensor(Role role, int offset, int length, int fanIn, int fanOut) {
      this(role, offset, length, fanIn, fanOut, false);
    }
  }

  /** What files and messages call it. */
  String name();

  /** The tensors in flat order. */
  List<Tensor> tensors();

  /** Number of parameters, the unused ones included. */
  default int parameterCount() {
    List<Tensor> tensors = tensors();
    Tensor last = tensors.get(tensors.size() - 1);
    return last.offset() + last.length();
  }

  /**
   * Checks an array of parameters.
   *
   * @throws IllegalArgumentException if it has another length
   */
  default void requireParameters(float[] parameters) {
    if (parameters.length != parameterCount()) {
      throw new IllegalArgumentException(
          "Invalid parameters: %d values (must be %d for %s)"
              .formatted(parameters.length, parameterCount(), this));
    }
  }
}
