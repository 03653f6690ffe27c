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

  /** Where the orders come from, all of which are those of {@link #order}. */
  interface Orders {
    /** The places [from, to) of an epoch's order. */
    int[] part(int epoch, int from, int to);
  }

  /** The order of an epoch, drawn. */
  int[] order(int epoch) {
    return permutations.permutation(NoiseAddress.of(epoch, shard), rows);
  }

  /**
   * The rows that an iteration takes.
   *
   * @param iteration from 1
   * @param count images taken at every iteration
   */
  int[] rows(int iteration, int count, Orders orders) {
    int[] taken = new int[count];
    long position = (long) (iteration - 1) * count;
    for (int done = 0; done < count; ) {
      int epoch = Math.toIntExact((position + done) / rows);
      int from = (int) ((position + done) % rows);
      int length = Math.min(rows - from, count - done);
      System.arraycopy(orders.part(epoch, from, from + length), 0, taken, done, length);
      done += length;
    }
    return taken;
  }
}
