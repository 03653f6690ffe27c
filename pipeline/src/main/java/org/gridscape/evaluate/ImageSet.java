package org.gridscape.evaluate;

import java.io.Serializable;
import java.util.List;

/**
 * Images to be judged, numbered from 0. Lives on the driver; its pieces travel.
 *
 * <p>Images of a piece are spread over the whole set, or the set is in random order: statistics of
 * one piece are those of a random part, which intervals rely on.
 */
public sealed interface ImageSet permits SourceImages, PreparedImages, SampledImages {

  /** What results and messages call it. */
  String name();

  /** Differs for other images, as far as can be told without reading them all. */
  String fingerprint();

  /** Number of images. */
  int count();

  /**
   * The whole set in pieces that do not overlap, at most {@code pieces}, none empty; the same at
   * every call.
   */
  List<Piece> cut(int pieces);

  /** What a set has to be told of before it is trusted, such as lossy files; usually empty. */
  default List<String> warnings() {
    return List.of();
  }

  /** A part of a set, read in a task. */
  interface Piece extends Serializable {

    /** Numbers of its images in the set, ascending. */
    int[] numbers();

    /**
     * Hands over each image, in the order of the numbers.
     *
     * @throws org.gridscape.dataset.DataException if an image cannot be read, naming it
     */
    void read(RasterSink sink);
  }

  /** Numbers of piece {@code piece} of {@code pieces}, one in {@code pieces} of all. */
  static int[] spread(int count, int pieces, int piece) {
    int[] numbers = new int[(count - piece + pieces - 1) / pieces];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = piece + i * pieces;
    }
    return numbers;
  }
}
