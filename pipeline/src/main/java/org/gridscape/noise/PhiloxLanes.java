package org.gridscape.noise;

import java.util.Arrays;

/**
 * Up to {@link #BLOCKS} consecutive blocks of {@link Philox} at once, for one thread.
 *
 * <p>Word by word instead of block by block: each half of a round is one loop over the blocks in
 * int arithmetic, which a compiler turns into vector instructions. These have no 32 x 32 bit
 * product of 64 bits, so its high word is put together from 16-bit halves. Derived; the bits are
 * those of {@link Philox#block}.
 */
final class PhiloxLanes {
  /** Blocks of one call at most; what a call touches stays in the first-level cache. */
  static final int BLOCKS = 256;

  /** Words of a block. */
  static final int WORDS = 4;

  private final int[][] words = new int[WORDS][BLOCKS];

  /**
   * Computes the blocks at counters (c0 + i, c1, c2, c3).
   *
   * @param count blocks, at most {@link #BLOCKS}
   */
  void fill(int key0, int key1, int c0, int c1, int c2, int c3, int count) {
    int[] w0 = words[0];
    int[] w1 = words[1];
    int[] w2 = words[2];
    int[] w3 = words[3];
    for (int i = 0; i < count; i++) {
      w0[i] = c0 + i;
    }
    Arrays.fill(w1, 0, count, c1);
    Arrays.fill(w2, 0, count, c2);
    Arrays.fill(w3, 0, count, c3);
    for (int round = 0; round < Philox.ROUNDS; round++) {
      halfRound(w0, w3, (int) Philox.MULTIPLIER_0, key1 + round * Philox.WEYL_1, count);
      halfRound(w2, w1, (int) Philox.MULTIPLIER_1, key0 + round * Philox.WEYL_0, count);
      int[] old0 = w0;
      w0 = w1;
      w1 = w2;
      w2 = w3;
      w3 = old0;
    }
    words[0] = w0;
    words[1] = w1;
    words[2] = w2;
    words[3] = w3;
  }

  /** One word of every block filled last; valid until the next call. */
  int[] word(int number) {
    return words[number];
  }

  /** mixed = high word of multiplied x multiplier ^ mixed ^ key; multiplied = the low word. */
  private static void halfRound(int[] multiplied, int[] mixed, int multiplier, int key, int count) {
    int multiplierLow = multiplier & 0xffff;
    int multiplierHigh = multiplier >>> 16;
    for (int i = 0; i < count; i++) {
      int x = multiplied[i];
      int low = x & 0xffff;
      int high = x >>> 16;
      int middle = high * multiplierLow + ((low * multiplierLow) >>> 16);
      int otherMiddle = low * multiplierHigh + (middle & 0xffff);
      int highWord = high * multiplierHigh + (middle >>> 16) + (otherMiddle >>> 16);
      mixed[i] = highWord ^ mixed[i] ^ key;
      multiplied[i] = x * multiplier;
    }
  }
}
