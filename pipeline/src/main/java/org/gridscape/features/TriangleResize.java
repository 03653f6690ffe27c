package org.gridscape.features;

import java.util.Arrays;

/**
 * The antialiased bilinear resize of PyTorch: weighted sums in single precision, across, then down,
 * each from the first input to the last.
 *
 * <p>Sums are fused as PyTorch's build for processors with fused operations has them: the same bits
 * as there, but where more than a few inputs make an output, which it adds up in another order.
 */
final class TriangleResize implements PlaneResize {
  private final Taps down;
  private final Taps across;
  private final int height;
  private final int side;
  private final float[] source;
  private final float[] narrow;

  TriangleResize(int height, int width, int side) {
    this.down = Taps.triangle(height, side);
    this.across = Taps.triangle(width, side);
    this.height = height;
    this.side = side;
    this.source = new float[width];
    this.narrow = new float[height * side];
  }

  @Override
  public void apply(byte[] pixels, int from, float[] out) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < source.length; x++) {
        source[x] = pixels[from + y * source.length + x] & 0xff;
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
        sum = Math.fma(source[first + j], (float) weights[j], sum);
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
        out[begin + x] = Math.fma(narrow[row + x], weight, out[begin + x]);
      }
    }
  }
}
