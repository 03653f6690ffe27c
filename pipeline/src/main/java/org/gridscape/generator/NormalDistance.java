package org.gridscape.generator;

import org.gridscape.image.ImageBatch;

/**
 * The squared maximum mean discrepancy between codes and N(0, I_d) with the kernel k(x, y) =
 * exp(-|x - y|^2 / (2 h)), h = d, the expectations over the normal law in closed form (derived).
 *
 * <p>Over pairs of different codes only, so that few codes give the discrepancy of many in the
 * mean; it may then be negative. As a loss it also sees dependence between coordinates, which the
 * moments of each do not.
 */
final class NormalDistance {
  private final ImageBatch codes;
  private final int d;
  private final ImageBatch gradient;
  private double value;

  private NormalDistance(ImageBatch codes) {
    this.codes = codes;
    d = codes.shape().size();
    gradient = ImageBatch.zeros(codes.shape(), codes.count());
    addPairs();
    addNormal();
  }

  /**
   * Measures codes.
   *
   * @param codes at least 2
   */
  static NormalDistance of(ImageBatch codes) {
    if (codes.count() < 2) {
      throw new IllegalArgumentException(
          "Invalid training.cellSize: %d (must be >= 2, since generator.loss.normal compares the codes of a cell)"
              .formatted(codes.count()));
    }
    return new NormalDistance(codes);
  }

  double value() {
    return value;
  }

  /** Of the value, with respect to each code. */
  ImageBatch gradient() {
    return gradient;
  }

  private void addPairs() {
    int n = codes.count();
    double scale = 1.0 / ((double) n * (n - 1));
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        double kernel = StrictMath.exp(-squaredDistance(i, j) / (2 * d));
        value += 2 * scale * kernel;
        for (int c = 0; c < d; c++) {
          double slope = 2 * scale * kernel * (at(i, c) - at(j, c)) / d;
          gradient.pixels()[i * d + c] -= (float) slope;
          gradient.pixels()[j * d + c] += (float) slope;
        }
      }
    }
  }

  /**
   * E k(x, Z) = (h / (h + 1))^(d/2) exp(-|x|^2 / (2 (h + 1))), E k(Z, Z') = (h / (h + 2))^(d/2).
   */
  private void addNormal() {
    int n = codes.count();
    double height = StrictMath.pow(d / (d + 1.0), d / 2.0);
    for (int i = 0; i < n; i++) {
      double squares = 0;
      for (int c = 0; c < d; c++) {
        squares += at(i, c) * at(i, c);
      }
      double kernel = height * StrictMath.exp(-squares / (2 * (d + 1)));
      value -= 2 * kernel / n;
      for (int c = 0; c < d; c++) {
        gradient.pixels()[i * d + c] += (float) (2 * kernel / n * at(i, c) / (d + 1));
      }
    }
    value += StrictMath.pow(d / (d + 2.0), d / 2.0);
  }

  private double squaredDistance(int i, int j) {
    double sum = 0;
    for (int c = 0; c < d; c++) {
      double difference = at(i, c) - at(j, c);
      sum += difference * difference;
    }
    return sum;
  }

  private double at(int code, int coordinate) {
    return codes.pixels()[code * d + coordinate];
  }
}
