package org.gridscape.distribute;

import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;

/**
 * The endless stream of a shard's images: a new seeded order every epoch, without a break between
 * epochs.
 *
 * @param shard number of the shard
 * @param rows images in it
 * @param permutations stream of the purpose PERMUTATION
 */
record ShardStream(int shard, int rows, NoiseStream permutations) {

  /**
   * The rows that an iteration takes.
   *
   * @param iteration from 1
   * @param count images taken at every iteration
   */
  int[] rows(int iteration, int count) {
    int[] taken = new int[count];
    long position = (long) (iteration - 1) * count;
    int epoch = -1;
    int[] order = {};
    for (int i = 0; i < count; i++, position++) {
      int epochHere = Math.toIntExact(position / rows);
      if (epochHere != epoch) {
        epoch = epochHere;
        order = permutations.permutation(NoiseAddress.of(epoch, shard), rows);
      }
      taken[i] = order[(int) (position % rows)];
    }
    return taken;
  }
}
