package org.gridscape.langevin;

import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;

/**
 * The noise of the chains of one cell on one grid.
 *
 * @param stream where it comes from
 * @param iteration training iteration, 0 in sampling
 * @param cell number of the cell
 * @param grid index of the grid, coarse to fine from 0
 */
public record ChainNoise(NoiseStream stream, int iteration, int cell, int grid) {

  /** Fills z[from, from + length) with the noise of one image at one step. */
  void step(int step, int slot, float[] z, int from, int length) {
    stream.normals(new NoiseAddress(iteration, cell, grid, step, slot), z, from, length);
  }
}
