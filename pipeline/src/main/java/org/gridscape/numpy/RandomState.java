package org.gridscape.numpy;

import java.util.Arrays;

/**
 * The random numbers of numpy's legacy {@code numpy.random.RandomState(seed)}, bit for bit:
 * published scores draw their subsets with it.
 *
 * <p>Not safe for several threads at once. Source: Matsumoto and Nishimura, "Mersenne Twister",
 * 1998 (MT19937, seeded by their {@code init_genrand}); numpy's legacy distributions, checked
 * against numpy 2.
 */
public final class RandomState {
  private static final int WORDS = 624;
  private static final int SHIFT = 397;
  private static final int UPPER = 0x80000000;
  private static final int LOWER = 0x7fffffff;
  private static final int TWIST = 0x9908b0df;
  private static final double LOW_VALUES = 1L << 26;
  private static final double UNIT = 1.0 / (1L << 53);

  private final int[] state = new int[WORDS];
  private int next = WORDS;
  private boolean hasSpare;
  private double spare;

  /**
   * The state that numpy has after seeding with an integer.
   *
   * @param seed at least 0
   */
  public RandomState(int seed) {
    if (seed < 0) {
      throw new IllegalArgumentException("Invalid seed: " + seed + " (must be >= 0)");
    }
    state[0] = seed;
    for (int i = 1; i < WORDS; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /** The next 32 random bits. */
  public int nextWord() {
    if (next == WORDS) {
      refill();
    }
    int word = state[next++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return word ^ (word >>> 18);
  }

  /** A number in [0, 1) of 53 random bits, numpy's {@code random_sample()}. */
  public double nextDouble() {
    int high = nextWord() >>> 5;
    int low = nextWord() >>> 6;
    return (high * LOW_VALUES + low) * UNIT;
  }

  /**
   * A standard normal number, numpy's {@code randn()} (Marsaglia's polar method).
   *
   * <p>Equal to numpy's up to the last bit of the logarithm.
   */
  public double nextGaussian() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    double x;
    double y;
    double square;
    do {
      x = 2 * nextDouble() - 1;
      y = 2 * nextDouble() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    double scale = Math.sqrt(-2 * StrictMath.log(square) / square);
    spare = scale * x;
    hasSpare = true;
    return scale * y;
  }

  /**
   * The numbers 0 to n - 1 in random order, numpy's {@code permutation(n)}.
   *
   * @param n at least 0
   */
  public int[] permutation(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("Invalid length: " + n + " (must be >= 0)");
    }
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int other = upTo(i);
      int swapped = order[i];
      order[i] = order[other];
      order[other] = swapped;
    }
    return order;
  }

  /**
   * Different numbers below n in random order, numpy's {@code choice(n, size, replace=False)}.
   *
   * @param size 0 to n
   */
  public int[] choice(int n, int size) {
    if (size < 0 || size > n) {
      throw new IllegalArgumentException(
          "Invalid choice: %d of %d (must be 0 to %d)".formatted(size, n, Math.max(0, n)));
    }
    return Arrays.copyOf(permutation(n), size);
  }

  /** A number from 0 to {@code max}, both included: masked draws until one fits. */
  private int upTo(int max) {
    int mask = -1 >>> Integer.numberOfLeadingZeros(max);
    int value;
    do {
      value = nextWord() & mask;
    } while (value > max);
    return value;
  }

  private void refill() {
    for (int i = 0; i < WORDS; i++) {
      int mixed = (state[i] & UPPER) | (state[(i + 1) % WORDS] & LOWER);
      int twisted = state[(i + SHIFT) % WORDS] ^ (mixed >>> 1);
      state[i] = (mixed & 1) == 0 ? twisted : twisted ^ TWIST;
    }
    next = 0;
  }
}
