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
    COLOUR(8),
    /** Codes of the hidden space that chains start from, in learning and in sampling. */
    CODE(9);

    private final int tag;

    Purpose(int tag) {
      this.tag = tag;
    }
  }

  private static final int CHUNK = PhiloxLanes.BLOCKS * PhiloxLanes.WORDS;
  private static final ThreadLocal<PhiloxLanes> LANES = ThreadLocal.withInitial(PhiloxLanes::new);

  /** The stream of {@code purpose} under {@code seed}. */
  public static NoiseStream of(long seed, Purpose purpose) {
    int[] words = new int[PhiloxLanes.WORDS];
    Philox.block((int) seed, (int) (seed >>> 32), purpose.tag, 0, 0, 0, words);
    return new NoiseStream(words[0], words[1]);
  }

  /**
   * A stream of the same purpose and seed that shares nothing with this one.
   *
   * @param number of the branch; 0 is this stream
   */
  public NoiseStream branch(int number) {
    if (number == 0) {
      return this;
    }
    int[] words = new int[PhiloxLanes.WORDS];
    Philox.block(key0, key1, number, 0, 0, 0, words);
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
    PhiloxLanes lanes = LANES.get();
    for (int done = 0; done < length; done += CHUNK) {
      int count = Math.min(CHUNK, length - done);
      fill(lanes, address, done, count);
      for (int word = 0; word < PhiloxLanes.WORDS; word++) {
        int[] bits = lanes.word(word);
        int first = from + done + word;
        int blocks = (count - word + PhiloxLanes.WORDS - 1) / PhiloxLanes.WORDS;
        for (int i = 0; i < blocks; i++) {
          out[first + PhiloxLanes.WORDS * i] = NormalTable.normal(bits[i]);
        }
      }
    }
  }

  /** Fills {@code out} with uniform variates in [0, 1), multiples of 2^-24. */
  public void uniforms(NoiseAddress address, float[] out) {
    PhiloxLanes lanes = LANES.get();
    for (int i = 0; i < out.length; i++) {
      out[i] = (bits(lanes, address, i, out.length) >>> 8) * 0x1p-24f;
    }
  }

  /**
   * A random order of 0 ... n-1 (Fisher-Yates; bounded draws by multiplication, whose bias of at
   * most n / 2^32 is accepted).
   */
  public int[] permutation(NoiseAddress address, int n) {
    int[] order = new int[n];
    PhiloxLanes lanes = LANES.get();
    for (int i = 0; i < n; i++) {
      int j = (int) (((bits(lanes, address, i, n) & 0xFFFFFFFFL) * (i + 1)) >>> 32);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Number {@code i} of {@code n} that are read in order. */
  private int bits(PhiloxLanes lanes, NoiseAddress address, int i, int n) {
    int place = i % CHUNK;
    if (place == 0) {
      fill(lanes, address, i, Math.min(CHUNK, n - i));
    }
    return lanes.word(place % PhiloxLanes.WORDS)[place / PhiloxLanes.WORDS];
  }

  /** Computes the blocks that hold numbers [first, first + count) of an address. */
  private void fill(PhiloxLanes lanes, NoiseAddress address, int first, int count) {
    lanes.fill(
        key0,
        key1,
        (address.grid() << NoiseAddress.BLOCK_BITS) | (first / PhiloxLanes.WORDS),
        (address.step() << 16) | address.slot(),
        address.cell(),
        address.iteration(),
        (count + PhiloxLanes.WORDS - 1) / PhiloxLanes.WORDS);
  }
}
