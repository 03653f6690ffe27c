package org.gridscape.learning;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sums of the diagnostics of one grid over images; add sums of other images with {@link #plus}.
 *
 * @param images number of images, equally many observed and synthesized
 * @param pixels values in these synthesized images
 * @param observed sum of f over observed images
 * @param observedSquares sum of f squared over observed images
 * @param synthesized sum of f over synthesized images
 * @param synthesizedSquares sum of f squared over synthesized images
 * @param gradientStrength sum over synthesized images of ||df/dx||, averaged over the chain
 * @param clippedPixels pixels clipped in the last step
 * @param penalty of w-GCN
 * @param change of f on the synthesized images by the last update
 */
public record GridStatistics(
    long images,
    long pixels,
    double observed,
    double observedSquares,
    double synthesized,
    double synthesizedSquares,
    double gradientStrength,
    long clippedPixels,
    PenaltySums penalty,
    ChangeSums change)
    implements Serializable {

  /** Sums over nothing. */
  public static final GridStatistics EMPTY =
      new GridStatistics(0, 0, 0, 0, 0, 0, 0, 0, PenaltySums.NONE, ChangeSums.NONE);

  /**
   * Adds up in order.
   *
   * @param parts each one entry a grid
   * @return one entry a grid
   */
  public static List<GridStatistics> sums(List<List<GridStatistics>> parts) {
    return IntStream.range(0, parts.get(0).size())
        .mapToObj(
            grid -> parts.stream().map(part -> part.get(grid)).reduce(EMPTY, GridStatistics::plus))
        .toList();
  }

  /** Sums over the images of both. */
  public GridStatistics plus(GridStatistics other) {
    return new GridStatistics(
        images + other.images,
        pixels + other.pixels,
        observed + other.observed,
        observedSquares + other.observedSquares,
        synthesized + other.synthesized,
        synthesizedSquares + other.synthesizedSquares,
        gradientStrength + other.gradientStrength,
        clippedPixels + other.clippedPixels,
        penalty.plus(other.penalty),
        change.plus(other.change));
  }

  /** The same with another change. */
  GridStatistics with(ChangeSums measured) {
    return new GridStatistics(
        images,
        pixels,
        observed,
        observedSquares,
        synthesized,
        synthesizedSquares,
        gradientStrength,
        clippedPixels,
        penalty,
        measured);
  }

  /** Mean f(observed) - mean f(synthesized). */
  public double energyGap() {
    return observedMean() - synthesizedMean();
  }

  /** Mean of f over observed images. */
  public double observedMean() {
    return observed / images;
  }

  /** Deviation of f over observed images. */
  public double observedDeviation() {
    return deviation(observed, observedSquares);
  }

  /** Mean of f over synthesized images. */
  public double synthesizedMean() {
    return synthesized / images;
  }

  /** Deviation of f over synthesized images. */
  public double synthesizedDeviation() {
    return deviation(synthesized, synthesizedSquares);
  }

  /** Mean over images of ||df/dx||. */
  public double meanGradientStrength() {
    return gradientStrength / images;
  }

  /** Share of pixels clipped in the last step, 0 to 1. */
  public double clippedShare() {
    return (double) clippedPixels / pixels;
  }

  /** Mean over images of the penalty's weight gamma; 0 without a penalty. */
  public double gamma() {
    return penalty.gamma() / images;
  }

  /** Mean over images of the penalty, beta |df/dx|^2 of observed + (1 - beta) of synthesized. */
  public double meanPenalty() {
    return penalty.total() / images;
  }

  /** Mean over observed images of |df/dx|^2; 0 where the penalty does not need it. */
  public double observedSquaredSlope() {
    return penalty.observed() / images;
  }

  /** Mean over synthesized images of |df/dx|^2; 0 where the penalty does not need it. */
  public double synthesizedSquaredSlope() {
    return penalty.synthesized() / images;
  }

  private double deviation(double sum, double squares) {
    double mean = sum / images;
    return Math.sqrt(Math.max(0, squares / images - mean * mean));
  }
}
