package org.gridscape.image;

/**
 * Weights that bring a line of samples to another length: area averaging down, linear interpolation
 * up, the identity between equal lengths.
 *
 * @param first for each output, the first input that counts
 * @param weights for each output, the weights of the inputs from there on; they add up to 1
 */
record Resampling(int[] first, float[][] weights) {

  /** The resampling of {@code from} samples to {@code to}. */
  static Resampling of(int from, int to) {
    Resampling resampling = new Resampling(new int[to], new float[to][]);
    for (int i = 0; i < to; i++) {
      if (from > to) {
        resampling.average(i, from, to);
      } else {
        resampling.interpolate(i, from, to);
      }
    }
    return resampling;
  }

  private void average(int output, int from, int to) {
    double scale = (double) from / to;
    double start = output * scale;
    double end = Math.min(from, start + scale);
    int begin = (int) start;
    float[] share = new float[(int) Math.ceil(end) - begin];
    for (int k = 0; k < share.length; k++) {
      double overlap = Math.min(end, begin + k + 1) - Math.max(start, begin + k);
      share[k] = (float) (overlap / (end - start));
    }
    first[output] = begin;
    weights[output] = share;
  }

  private void interpolate(int output, int from, int to) {
    double centre = (output + 0.5) * from / to - 0.5;
    double inside = Math.max(0, Math.min(from - 1.0, centre));
    int begin = (int) inside;
    float right = (float) (inside - begin);
    first[output] = begin;
    weights[output] = right == 0 ? new float[] {1} : new float[] {1 - right, right};
  }

  /** The weight of an input in an output; 0 where it does not count. */
  float weight(int output, int input) {
    int k = input - first[output];
    return k >= 0 && k < weights[output].length ? weights[output][k] : 0;
  }

  /** Writes the resampled {@code line[from...]} to {@code out[to...]}. */
  void apply(float[] line, int from, float[] out, int to) {
    for (int i = 0; i < first.length; i++) {
      float sum = 0;
      for (int k = 0; k < weights[i].length; k++) {
        sum += weights[i][k] * line[from + first[i] + k];
      }
      out[to + i] = sum;
    }
  }
}
