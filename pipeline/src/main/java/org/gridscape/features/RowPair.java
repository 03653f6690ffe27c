package org.gridscape.features;

import java.util.function.Consumer;

/** Keeps the last two rows asked for: going down, each is computed once. */
final class RowPair {
  private final float[][] rows;
  private final int[] held = {-1, -1};

  RowPair(int width) {
    rows = new float[2][width];
  }

  /** Before the rows of another plane. */
  void forget() {
    held[0] = -1;
    held[1] = -1;
  }

  /** Row y; {@code fill} computes it if it is not held, in the place of the one with less depth. */
  float[] at(int y, Consumer<float[]> fill) {
    for (int i = 0; i < 2; i++) {
      if (held[i] == y) {
        return rows[i];
      }
    }
    int place = held[0] <= held[1] ? 0 : 1;
    fill.accept(rows[place]);
    held[place] = y;
    return rows[place];
  }
}
