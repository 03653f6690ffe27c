package org.gridscape.metrics;

import java.io.Serializable;
import org.gridscape.numpy.RandomState;

/**
 * What an {@link InceptionScore} needs of class logits: for each split the number of images, the
 * sum of their class probabilities p and of their p log p. Not safe for several threads at once.
 *
 * <p>Sums depend on their order in the last bits: callers add and merge in a fixed order.
 */
public final class InceptionSums implements Serializable {
  private static final long serialVersionUID = 1;

  private final int splits;
  private final int classes;
  private final long[] images;
  private final double[] probabilities;
  private final double[] negativeEntropies;

  /**
   * Of no images yet.
   *
   * @param splits at least 1
   * @param classes at least 2
   */
  public InceptionSums(int splits, int classes) {
    if (splits < 1 || classes < 2) {
      throw new IllegalArgumentException(
          "Invalid Inception Score: %d splits, %d classes (must be >= 1 and >= 2)"
              .formatted(splits, classes));
    }
    this.splits = splits;
    this.classes = classes;
    this.images = new long[splits];
    this.probabilities = new double[splits * classes];
    this.negativeEntropies = new double[splits];
  }

  /**
   * The split of each image as torch-fidelity has it: images in a random order, cut into pieces of
   * which piece s begins at s * images / splits.
   *
   * @param images number of all images, at least {@code splits}
   * @return [images], 0 to splits - 1
   */
  public static int[] splitOfImages(int images, int splits, int seed) {
    if (splits < 1 || splits > images) {
      throw new IllegalArgumentException(
          "Invalid splits: %d (must be 1 to the number of images, %d)".formatted(splits, images));
    }
    int[] order = new RandomState(seed).permutation(images);
    int[] split = new int[images];
    for (int s = 0; s < splits; s++) {
      int end = (int) ((s + 1L) * images / splits);
      for (int k = (int) ((long) s * images / splits); k < end; k++) {
        split[order[k]] = s;
      }
    }
    return split;
  }

  /**
   * Adds images.
   *
   * @param logits [images][classes], unnormalised
   * @param split split of each image, as {@link #splitOfImages} gives it
   */
  public void add(FeatureRows logits, int[] split) {
    FeatureRows.requireEqual(classes, logits.dimension());
    if (split.length != logits.rows()) {
      throw new IllegalArgumentException(
          "Invalid splits: %d (must be one for each of %d images)"
              .formatted(split.length, logits.rows()));
    }
    for (int i = 0; i < split.length; i++) {
      add(logits.values(), i * classes, split[i]);
    }
  }

  /** Adds the images behind other sums. */
  public void merge(InceptionSums other) {
    if (splits != other.splits || classes != other.classes) {
      throw new IllegalArgumentException(
          "Invalid Inception Score: %d splits of %d classes and %d of %d (must be equal)"
              .formatted(splits, classes, other.splits, other.classes));
    }
    for (int s = 0; s < splits; s++) {
      images[s] += other.images[s];
      negativeEntropies[s] += other.negativeEntropies[s];
    }
    for (int k = 0; k < probabilities.length; k++) {
      probabilities[k] += other.probabilities[k];
    }
  }

  /** Images so far. */
  public long images() {
    long all = 0;
    for (long n : images) {
      all += n;
    }
    return all;
  }

  /**
   * The score of each split, exp of the mean divergence of p from its mean.
   *
   * @throws IllegalStateException if a split has no images
   */
  double[] scores() {
    double[] scores = new double[splits];
    for (int s = 0; s < splits; s++) {
      if (images[s] == 0) {
        throw new IllegalStateException(
            "Cannot compute an Inception Score: split %d of %d has no images".formatted(s, splits));
      }
      double divergence = negativeEntropies[s] / images[s];
      for (int c = 0; c < classes; c++) {
        double mean = probabilities[s * classes + c] / images[s];
        divergence -= mean > 0 ? mean * Math.log(mean) : 0;
      }
      scores[s] = Math.exp(divergence);
    }
    return scores;
  }

  private void add(float[] logits, int from, int split) {
    if (split < 0 || split >= splits) {
      throw new IllegalArgumentException(
          "Invalid split: %d (must be 0 to %d)".formatted(split, splits - 1));
    }
    double largest = logits[from];
    for (int c = 1; c < classes; c++) {
      largest = Math.max(largest, logits[from + c]);
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += Math.exp(logits[from + c] - largest);
    }
    double logSum = Math.log(sum);
    double negativeEntropy = 0;
    for (int c = 0; c < classes; c++) {
      double logP = logits[from + c] - largest - logSum;
      double p = Math.exp(logP);
      probabilities[split * classes + c] += p;
      negativeEntropy += p * logP;
    }
    negativeEntropies[split] += negativeEntropy;
    images[split]++;
  }
}
