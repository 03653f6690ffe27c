package org.gridscape.noise;

/**
 * Where in a {@link NoiseStream} numbers are read; each address is followed by 2^26 numbers of its
 * own.
 *
 * @param iteration training iteration, or epoch
 * @param cell cell of the batch, or shard, or number of a tensor
 * @param grid index of the grid, 0 to 255
 * @param step Langevin step, 0 to 65535
 * @param slot image in the cell, 0 to 65535
 */
public record NoiseAddress(int iteration, int cell, int grid, int step, int slot) {
  static final int BLOCK_BITS = 24;

  /** Rejects coordinates that would run into each other. */
  public NoiseAddress {
    if (grid < 0 || grid > 0xff || step < 0 || step > 0xffff || slot < 0 || slot > 0xffff) {
      throw new IllegalArgumentException(
          "Invalid noise address: grid %d, step %d, slot %d (must be at most 255, 65535, 65535)"
              .formatted(grid, step, slot));
    }
  }

  /** An address of which only iteration and cell matter. */
  public static NoiseAddress of(int iteration, int cell) {
    return new NoiseAddress(iteration, cell, 0, 0, 0);
  }
}
