package org.gridscape.metrics;

import java.io.Serial;
import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * Stands for records of large arrays where they are serialised: Java writes arrays of bytes as they
 * are, but floats and doubles one by one, several times as slowly.
 */
final class PackedArrays {
  /** The longest array whose bytes fit into an array. */
  private static final int LONGEST = (Integer.MAX_VALUE - 8) / Double.BYTES;

  private PackedArrays() {}

  /** Whether so many values can be packed. */
  static boolean fits(int length) {
    return length <= LONGEST;
  }

  /** {@link FeatureRows} on their way. */
  record Rows(int dimension, byte[] values) implements Serializable {
    static Rows of(FeatureRows rows) {
      byte[] bytes = new byte[rows.values().length * Float.BYTES];
      ByteBuffer.wrap(bytes).asFloatBuffer().put(rows.values());
      return new Rows(rows.dimension(), bytes);
    }

    @Serial
    private Object readResolve() {
      float[] unpacked = new float[values.length / Float.BYTES];
      ByteBuffer.wrap(values).asFloatBuffer().get(unpacked);
      return new FeatureRows(dimension, unpacked);
    }
  }

  /** {@link FeatureMoments} on their way. */
  record Moments(long n, byte[] mean, byte[] m2) implements Serializable {
    static Moments of(FeatureMoments moments) {
      return new Moments(moments.n(), bytes(moments.mean()), bytes(moments.m2()));
    }

    @Serial
    private Object readResolve() {
      return new FeatureMoments(n, doubles(mean), doubles(m2));
    }
  }

  /** A {@link Gaussian} on its way. */
  record Normal(byte[] mean, byte[] covariance, int rankBound) implements Serializable {
    static Normal of(Gaussian gaussian) {
      return new Normal(bytes(gaussian.mean()), bytes(gaussian.covariance()), gaussian.rankBound());
    }

    @Serial
    private Object readResolve() {
      return new Gaussian(doubles(mean), doubles(covariance), rankBound);
    }
  }

  private static byte[] bytes(double[] values) {
    byte[] bytes = new byte[values.length * Double.BYTES];
    ByteBuffer.wrap(bytes).asDoubleBuffer().put(values);
    return bytes;
  }

  private static double[] doubles(byte[] bytes) {
    double[] values = new double[bytes.length / Double.BYTES];
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
    return values;
  }
}
