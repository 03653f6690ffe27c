package org.gridscape.noise;

import java.io.Serializable;

/**
 * A stream of random numbers for one purpose under one seed, addressed by {@link NoiseAddress}.
 *
 * <p>Philox4x32-10 under a key that is itself a Philox block of (seed, purpose), so streams of
 * different purposes share nothing. A stream has no state: any thread may read any address in any
 * order, and the same address gives the same bits on every machine.
 *
 * @param key0 low word of the key
 * @param key1 high word of the key
 */
public record NoiseStream(int key0, int key1) implements Serializable {

  /** What a stream is for; its tag is part of the meaning of a seed. */
  public enum Purpose {
    /** Noise of the Langevin steps in learning. */
    LANGEVIN(1),
    /** Noise added to observed images. */
    DATA(2),
    /** Initial parameters of the networks. */
    WEIGHTS(3),
    /** Order of the images of a shard in an epoch. */
    PERMUTATION(4),
    /** Initial states of chains that start from noise. */
    START(5),
    /** Whether an observed image is mirrored. */
    FLIP(6),
    /** Noise of the Langevin steps in sampling. */
    SAMPLING(7),
    /** Which 1x1 colours new images start from, and their jitter. */
    COLOUR(8);

    private final int tag;

    Purpose(int tag) {
      this.tag = tag;
    }
  }

  private static final int BLOCK = 4;

  /** The stream of {@code purpose} under {@code seed}. */
  public static NoiseStream of(long seed, Purpose purpose) {
    int[] words = new int[BLOCK];
    Philox.block((int) seed, (int) (seed >>> 32), purpose.tag, 0, 0, 0, words);
    return new NoiseStream(words[0], words[1]);
  }

  /**
   * Fills {@code out} with standard normal variates.
   *
   * @param address where in the stream; element i comes from block i / 4, word i % 4
   */
  public void normals(NoiseAddress address, float[] out) {
    normals(address, out, 0, out.length);
  }

  /** As {@link #normals(NoiseAddress, float[])}, into {@code out[from, from + length)}. */
  public void normals(NoiseAddress address, float[] out, int from, int length) {
    int[] words = new int[BLOCK];
    for (int i = 0; i < length; i += BLOCK) {
      block(address, i / BLOCK, words);
      for (int w = 0; w < BLOCK && i + w < length; w++) {
        out[from + i + w] = NormalTable.normal(words[w]);
      }
    }
  }

  /** Fills {@code out} with uniform variates in [0, 1), multiples of 2^-24. */
  public void uniforms(NoiseAddress address, float[] out) {
    int[] words = new int[BLOCK];
    for (int i = 0; i < out.length; i++) {
      if (i % BLOCK == 0) {
        block(address, i / BLOCK, words);
      }
      out[i] = (words[i % BLOCK] >>> 8) * 0x1p-24f;
    }
  }

  /**
   * A random order of 0 ... n-1 (Fisher-Yates; bounded draws by multiplication, whose bias of at
   * most n / 2^32 is accepted).
   */
  public int[] permutation(NoiseAddress address, int n) {
    int[] order = new int[n];
    int[] words = new int[BLOCK];
    for (int i = 0; i < n; i++) {
      if (i % BLOCK == 0) {
        block(address, i / BLOCK, words);
      }
      int j = (int) (((words[i % BLOCK] & 0xFFFFFFFFL) * (i + 1)) >>> 32);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private void block(NoiseAddress address, int block, int[] words) {
    Philox.block(
        key0,
        key1,
        (address.grid() << NoiseAddress.BLOCK_BITS) | block,
        (address.step() << 16) | address.slot(),
        address.cell(),
        address.iteration(),
        words);
  }
}
