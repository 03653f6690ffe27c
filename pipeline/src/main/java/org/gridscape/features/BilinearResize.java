package org.gridscape.features;

/**
 * The bilinear resize of PyTorch, {@code F.interpolate} with {@code align_corners=False}: output i
 * lies at (i + 1/2) in/out - 1/2, not below 0, between the pixels below and above it.
 *
 * <p>A value is the sum of four pixels by products of their shares, fused as PyTorch's build for
 * processors with fused operations has it: the same bits as there.
 */
final class BilinearResize implements PlaneResize {
  private final int width;
  private final int side;
  private final Grid down;
  private final Grid across;
  private final float[] values;
  private final RowPair rows;

  /**
   * A resize of planes of height x width.
   *
   * @param values that stand for the bytes 0 to 255
   */
  BilinearResize(int height, int width, int side, float[] values) {
    this.width = width;
    this.side = side;
    this.down = Grid.of(height, side);
    this.across = Grid.of(width, side);
    this.values = values;
    this.rows = new RowPair(2 * side);
  }

  /**
   * Where outputs lie.
   *
   * @param low the pixel below each output
   * @param high the pixel above it
   * @param lowShare of the one below, 0 to 1
   * @param highShare of the one above, 0 to 1
   */
  private record Grid(int[] low, int[] high, float[] lowShare, float[] highShare) {
    static Grid of(int in, int out) {
      Grid grid = new Grid(new int[out], new int[out], new float[out], new float[out]);
      float step = (float) in / out;
      for (int i = 0; i < out; i++) {
        float place = Math.max(Math.fma(step, i + 0.5f, -0.5f), 0f);
        int low = Math.min((int) place, in - 1);
        grid.low[i] = low;
        grid.high[i] = Math.min(low + 1, in - 1);
        grid.highShare[i] = Math.min(place - low, 1f);
        grid.lowShare[i] = 1 - grid.highShare[i];
      }
      return grid;
    }
  }

  @Override
  public void apply(byte[] pixels, int from, float[] out) {
    rows.forget();
    for (int y = 0; y < side; y++) {
      float[] top = row(pixels, from, down.low[y]);
      float[] bottom = row(pixels, from, down.high[y]);
      blend(top, down.lowShare[y], bottom, down.highShare[y], out, y * side);
    }
  }

  private void blend(
      float[] top, float topShare, float[] bottom, float bottomShare, float[] out, int begin) {
    float[] leftShare = across.lowShare;
    float[] rightShare = across.highShare;
    for (int x = 0; x < side; x++) {
      float sum = top[side + x] * (topShare * rightShare[x]);
      sum = Math.fma(top[x], topShare * leftShare[x], sum);
      sum = Math.fma(bottom[x], bottomShare * leftShare[x], sum);
      out[begin + x] = Math.fma(bottom[side + x], bottomShare * rightShare[x], sum);
    }
  }

  /** The left and then the right neighbours of all outputs of a row. */
  private float[] row(byte[] pixels, int from, int y) {
    return rows.at(y, row -> fill(pixels, from + y * width, row));
  }

  private void fill(byte[] pixels, int begin, float[] row) {
    for (int x = 0; x < side; x++) {
      row[x] = values[pixels[begin + across.low[x]] & 0xff];
      row[side + x] = values[pixels[begin + across.high[x]] & 0xff];
    }
  }
}
