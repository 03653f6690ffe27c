package org.gridscape.features;

/**
 * The bilinear resize of TensorFlow 1: output i lies at i in/out, between the pixels below and
 * above it, where the one above the last is the last. Single precision, across first, in the form
 * low + (high - low) t, as TensorFlow's {@code resize_bilinear_op.cc} and torch-fidelity's {@code
 * interpolate_compat_tensorflow.py} compute it: the same bits.
 */
final class LerpResize implements PlaneResize {
  private final int width;
  private final int side;
  private final Grid down;
  private final Grid across;
  private final float[] source;
  private final RowPair rows;

  LerpResize(int height, int width, int side) {
    this.width = width;
    this.side = side;
    this.down = Grid.of(height, side);
    this.across = Grid.of(width, side);
    this.source = new float[width];
    this.rows = new RowPair(side);
  }

  /**
   * Where outputs lie.
   *
   * @param low the pixel below each output
   * @param high the pixel above it
   * @param share of the one above, 0 to 1
   */
  private record Grid(int[] low, int[] high, float[] share) {
    static Grid of(int in, int out) {
      float step = (float) ((double) in / out);
      int[] low = new int[out];
      int[] high = new int[out];
      float[] share = new float[out];
      for (int i = 0; i < out; i++) {
        float place = i * step;
        low[i] = (int) place;
        high[i] = Math.min(low[i] + 1, in - 1);
        share[i] = place - low[i];
      }
      return new Grid(low, high, share);
    }
  }

  @Override
  public void apply(byte[] pixels, int from, float[] out) {
    rows.forget();
    for (int y = 0; y < side; y++) {
      float[] top = row(pixels, from, down.low[y]);
      float[] bottom = row(pixels, from, down.high[y]);
      float share = down.share[y];
      int begin = y * side;
      for (int x = 0; x < side; x++) {
        out[begin + x] = top[x] + (bottom[x] - top[x]) * share;
      }
    }
  }

  private float[] row(byte[] pixels, int from, int y) {
    return rows.at(y, row -> fill(pixels, from + y * width, row));
  }

  private void fill(byte[] pixels, int begin, float[] row) {
    for (int x = 0; x < width; x++) {
      source[x] = pixels[begin + x] & 0xff;
    }
    for (int x = 0; x < side; x++) {
      float left = source[across.low[x]];
      row[x] = left + (source[across.high[x]] - left) * across.share[x];
    }
  }
}
