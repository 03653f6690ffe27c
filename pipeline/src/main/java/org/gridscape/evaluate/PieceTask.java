package org.gridscape.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.LongAccumulator;
import org.gridscape.dataset.DataException;
import org.gridscape.features.ExtractorException;
import org.gridscape.features.FeatureBatch;
import org.gridscape.features.FeatureExtractor;
import org.gridscape.features.Raster;
import org.gridscape.metrics.FeatureRows;
import org.gridscape.metrics.InceptionSums;

/** Takes the features of one piece and leaves their summary in the work folder. */
final class PieceTask implements Function<PieceTask.Order, Integer> {
  private static final long serialVersionUID = 1;

  private final ExtractionSettings settings;
  private final WorkFolder folder;
  private final String set;
  private final LongAccumulator progress;

  /**
   * A task of one extraction.
   *
   * @param set what messages call the images
   * @param progress counts images as they are done; for display only
   */
  PieceTask(ExtractionSettings settings, WorkFolder folder, String set, LongAccumulator progress) {
    this.settings = settings;
    this.folder = folder;
    this.set = set;
    this.progress = progress;
  }

  /**
   * What the task is told of a piece.
   *
   * @param number of the piece
   * @param piece its images
   * @param kept of each image, whether its features are kept one by one
   * @param splits of each image, its split of the Inception Score
   */
  record Order(int number, ImageSet.Piece piece, boolean[] kept, int[] splits)
      implements Serializable {}

  /**
   * What a piece says.
   *
   * @param layers features, and the spatial layer where the extractor has one
   * @param kept features of the images that are kept one by one
   * @param keptNumbers their numbers in the set, ascending
   * @param scores sums of the Inception Score; none where the extractor has no logits
   */
  record Summary(
      List<Layer> layers, FeatureRows kept, int[] keptNumbers, List<InceptionSums> scores)
      implements Serializable {}

  /** Name of a finished piece in the work folder. */
  static String file(int number) {
    return "piece-%05d".formatted(number);
  }

  /** Images seen. */
  @Override
  public Integer call(Order order) {
    try (FeatureExtractor extractor = settings.extractor().open()) {
      if (!extractor.identity().equals(settings.identity())) {
        throw new ExtractorException(
            "Cannot evaluate %s: an executor has %s (must be %s, as on the driver)"
                .formatted(set, extractor.identity(), settings.identity()));
      }
      Gathering gathering = new Gathering(order, extractor);
      order.piece().read(gathering);
      folder.write(file(order.number()), gathering.summary());
      return gathering.seen;
    }
  }

  /** Collects images into batches, and their features into sums. */
  private final class Gathering implements RasterSink {
    private final Order order;
    private final FeatureExtractor extractor;
    private final int[] numbers;
    private final int[] keptNumbers;
    private final int dimension;
    private final List<Raster> batch = new ArrayList<>();
    private final List<Layer.Sum> layers = new ArrayList<>();
    private final float[] kept;
    private final Optional<InceptionSums> scores;
    private int seen;
    private int filled;

    Gathering(Order order, FeatureExtractor extractor) {
      this.order = order;
      this.extractor = extractor;
      numbers = order.piece().numbers();
      keptNumbers =
          IntStream.range(0, numbers.length)
              .filter(i -> order.kept()[i])
              .map(i -> numbers[i])
              .toArray();
      dimension = extractor.identity().dimension();
      for (int layer : settings.layers()) {
        layers.add(Layer.Sum.ofPiece(layer));
      }
      kept = new float[Math.multiplyExact(keptNumbers.length, dimension)];
      scores = settings.emptyScores();
    }

    @Override
    public void add(Raster image) {
      batch.add(image);
      if (batch.size() == settings.batch()) {
        flush();
      }
    }

    private void flush() {
      FeatureBatch found = extract();
      List<float[]> values = List.of(found.features(), found.spatial());
      for (int layer = 0; layer < layers.size(); layer++) {
        FeatureRows rows = new FeatureRows(settings.layers().get(layer), values.get(layer));
        layers.get(layer).add(new Layer.Rows(rows));
      }
      for (int i = 0; i < found.count(); i++, seen++) {
        if (order.kept()[seen]) {
          System.arraycopy(found.features(), i * dimension, kept, filled, dimension);
          filled += dimension;
        }
      }
      if (scores.isPresent()) {
        scores
            .get()
            .add(
                new FeatureRows(settings.identity().classes(), found.logits()),
                Arrays.copyOfRange(order.splits(), seen - found.count(), seen));
      }
      progress.add(batch.size());
      batch.clear();
    }

    private FeatureBatch extract() {
      try {
        return extractor.extract(batch);
      } catch (IllegalArgumentException e) {
        throw new DataException(
            "Cannot evaluate %s: %s, in images %d to %d"
                .formatted(set, e.getMessage(), numbers[seen], numbers[seen + batch.size() - 1]),
            e);
      }
    }

    Summary summary() {
      if (!batch.isEmpty()) {
        flush();
      }
      if (seen != numbers.length) {
        throw new IllegalStateException(
            "Invalid piece: %d images came (must be %d)".formatted(seen, numbers.length));
      }
      return new Summary(
          layers.stream().map(Layer.Sum::layer).toList(),
          new FeatureRows(dimension, kept),
          keptNumbers,
          scores.stream().toList());
    }
  }
}
