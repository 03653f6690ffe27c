package org.gridscape.features;

import java.util.Arrays;

/**
 * A separable resize by weighted sums in single precision, across, then down, each sum from the
 * first input to the last.
 */
final class FloatFilterResize implements PlaneResize {
  private final Taps down;
  private final Taps across;
  private final int height;
  private final int side;
  private final float[] values;
  private final float[] source;
  private final float[] narrow;

  /**
   * A resize of planes of height x width.
   *
   * @param values that stand for the bytes 0 to 255
   */
  FloatFilterResize(Taps down, int height, Taps across, int width, float[] values) {
    this.down = down;
    this.across = across;
    this.height = height;
    this.side = across.first().length;
    this.values = values;
    this.source = new float[width];
    this.narrow = new float[height * side];
  }

  @Override
  public void apply(byte[] pixels, int from, float[] out) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < source.length; x++) {
        source[x] = values[pixels[from + y * source.length + x] & 0xff];
      }
      across(y * side);
    }
    Arrays.fill(out, 0);
    for (int y = 0; y < down.first().length; y++) {
      down(y, out);
    }
  }

  private void across(int begin) {
    for (int x = 0; x < side; x++) {
      double[] weights = across.weights()[x];
      int first = across.first()[x];
      float sum = 0;
      for (int j = 0; j < weights.length; j++) {
        sum += source[first + j] * (float) weights[j];
      }
      narrow[begin + x] = sum;
    }
  }

  private void down(int y, float[] out) {
    double[] weights = down.weights()[y];
    int begin = y * side;
    for (int j = 0; j < weights.length; j++) {
      float weight = (float) weights[j];
      int row = (down.first()[y] + j) * side;
      for (int x = 0; x < side; x++) {
        out[begin + x] += narrow[row + x] * weight;
      }
    }
  }
}
