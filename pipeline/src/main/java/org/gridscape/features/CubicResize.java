package org.gridscape.features;

import java.util.Arrays;

/**
 * The antialiased bicubic resize of PIL: weighted sums in double precision, across, then down, each
 * from the first input to the last and rounded once to single precision.
 *
 * <p>The same bits as in PIL before version 13 and as in that version but where it goes down before
 * it goes across, which it may do when an image becomes smaller.
 */
final class CubicResize implements PlaneResize {
  private final Taps down;
  private final Taps across;
  private final int height;
  private final int side;
  private final float[] source;
  private final float[] narrow;
  private final double[] sums;

  CubicResize(int height, int width, int side) {
    this.down = Taps.bicubic(height, side);
    this.across = Taps.bicubic(width, side);
    this.height = height;
    this.side = side;
    this.source = new float[width];
    this.narrow = new float[height * side];
    this.sums = new double[side];
  }

  @Override
  public void apply(byte[] pixels, int from, float[] out) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < source.length; x++) {
        source[x] = pixels[from + y * source.length + x] & 0xff;
      }
      across(y * side);
    }
    for (int y = 0; y < down.first().length; y++) {
      down(y, out);
    }
  }

  private void across(int begin) {
    for (int x = 0; x < side; x++) {
      double[] weights = across.weights()[x];
      int first = across.first()[x];
      double sum = 0;
      for (int j = 0; j < weights.length; j++) {
        sum += source[first + j] * weights[j];
      }
      narrow[begin + x] = (float) sum;
    }
  }

  private void down(int y, float[] out) {
    double[] weights = down.weights()[y];
    Arrays.fill(sums, 0);
    for (int j = 0; j < weights.length; j++) {
      double weight = weights[j];
      int row = (down.first()[y] + j) * side;
      for (int x = 0; x < side; x++) {
        sums[x] += narrow[row + x] * weight;
      }
    }
    for (int x = 0; x < side; x++) {
      out[y * side + x] = (float) sums[x];
    }
  }
}
