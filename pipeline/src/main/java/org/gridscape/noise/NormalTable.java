package org.gridscape.noise;

/**
 * Standard normal variates from 32 random bits by a piecewise cubic inverse of the distribution.
 *
 * <p>One bit is the sign; the other 31 give a tail probability u in (0, 1/2), which is mapped to
 * -Phi^-1(u). The tail is cut into octaves (u halves from one to the next), each into eight equal
 * pieces with a cubic of its own, so evaluation is + and x in float and a table: every processor
 * gives the same bits. The place in a piece is an integer of 24 bits, and the coefficients are
 * scaled to it by powers of two, which round nothing. Largest value: 6.34. Derived; the exact
 * quantile behind the table is {@link NormalQuantile}.
 */
final class NormalTable {
  private static final int OCTAVES = 32;
  private static final int PIECES = 8;
  private static final int DEGREE = 3;
  private static final int PLACE_BITS = 24;
  private static final float[] COEFFICIENTS = fit();

  private NormalTable() {}

  /** The variate for 32 uniform random bits. */
  static float normal(int bits) {
    int odd = (bits << 1) | 1;
    int octave = Integer.numberOfLeadingZeros(odd);
    int mantissa = odd << octave;
    // The mask changes nothing and tells the compiler that the index is inside the table.
    int piece = (octave * PIECES + (mantissa >>> 28) - PIECES) & (OCTAVES * PIECES - 1);
    int at = piece * (DEGREE + 1);
    float x = (mantissa << 4) >>> 8;
    float z =
        COEFFICIENTS[at]
            + x * (COEFFICIENTS[at + 1] + x * (COEFFICIENTS[at + 2] + x * COEFFICIENTS[at + 3]));
    return Float.intBitsToFloat(Float.floatToRawIntBits(z) ^ (bits & Integer.MIN_VALUE));
  }

  private static float[] fit() {
    float[] coefficients = new float[OCTAVES * PIECES * (DEGREE + 1)];
    for (int octave = 0; octave < OCTAVES; octave++) {
      double width = StrictMath.scalb(1.0, 31 - octave - 33) / PIECES;
      for (int piece = 0; piece < PIECES; piece++) {
        double[] cubic = interpolate((PIECES + piece) * width, width);
        for (int d = 0; d <= DEGREE; d++) {
          coefficients[(octave * PIECES + piece) * (DEGREE + 1) + d] =
              StrictMath.scalb((float) cubic[d], -d * PLACE_BITS);
        }
      }
    }
    return coefficients;
  }

  /** Coefficients in x = (u - from) / width of the cubic through four Chebyshev nodes. */
  private static double[] interpolate(double from, double width) {
    double[] nodes = new double[DEGREE + 1];
    double[] differences = new double[DEGREE + 1];
    for (int i = 0; i <= DEGREE; i++) {
      nodes[i] = 0.5 - 0.5 * StrictMath.cos((2 * i + 1) * StrictMath.PI / (2 * (DEGREE + 1)));
      differences[i] = -NormalQuantile.lowerTail(from + width * nodes[i]);
    }
    for (int order = 1; order <= DEGREE; order++) {
      for (int i = DEGREE; i >= order; i--) {
        differences[i] = (differences[i] - differences[i - 1]) / (nodes[i] - nodes[i - order]);
      }
    }
    double[] monomials = new double[DEGREE + 1];
    for (int i = DEGREE; i >= 0; i--) {
      for (int d = DEGREE; d > 0; d--) {
        monomials[d] = monomials[d - 1] - nodes[i] * monomials[d];
      }
      monomials[0] = differences[i] - nodes[i] * monomials[0];
    }
    return monomials;
  }
}
