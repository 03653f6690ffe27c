package org.gridscape.distribute;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardImages;
import org.gridscape.generator.HiddenSpace;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.pyramid.GridLadder;

/**
 * Sums over the thumbnails of images, from which their mean and covariance follow.
 *
 * @param images number of images
 * @param sums of each value, d of them
 * @param products of each two values, d x d, row by row
 */
record ThumbnailMoments(long images, double[] sums, double[] products) implements Serializable {
  private static final int AT_ONCE = 256;

  /**
   * The hidden space of the training images of a plan, and of their mirror images where learning
   * sees those; one Spark job. Sums are taken in row order in a shard and then in shard order, in
   * double, so the bits do not depend on the cluster.
   */
  static HiddenSpace hiddenSpace(JavaSparkContext spark, TrainingPlan plan) {
    spark.setJobDescription("hidden space: mean and covariance of thumbnails");
    Broadcast<TrainingPlan> broadcast = spark.broadcast(plan);
    int shards = plan.shards().size();
    List<Integer> numbers = IntStream.range(0, shards).boxed().toList();
    try {
      List<ThumbnailMoments> parts =
          spark.parallelize(numbers, shards).map(new Task(broadcast)).collect();
      return space(thumbnail(plan), parts);
    } finally {
      broadcast.destroy();
    }
  }

  private static ImageShape thumbnail(TrainingPlan plan) {
    return plan.networks().get(0).shape().withSide(plan.generator().hiddenSide());
  }

  /** The sums of one shard. Runs on executors. */
  private record Task(Broadcast<TrainingPlan> plan) implements Function<Integer, ThumbnailMoments> {
    @Override
    public ThumbnailMoments call(Integer shard) {
      TrainingPlan settings = plan.value();
      Manifest.Shard file = settings.shards().get(shard);
      PixelRange range = settings.learning().langevin().range();
      return ShardCache.of(settings)
          .use(file, images -> of(images, range, thumbnail(settings), settings.learning().flip()));
    }
  }

  private static ThumbnailMoments of(
      ShardImages images, PixelRange range, ImageShape thumbnail, boolean flip) {
    int d = thumbnail.size();
    long count = flip ? 2L * images.count() : images.count();
    ThumbnailMoments moments = new ThumbnailMoments(count, new double[d], new double[d * d]);
    for (int from = 0; from < images.count(); from += AT_ONCE) {
      int[] rows = IntStream.range(from, Math.min(from + AT_ONCE, images.count())).toArray();
      ImageBatch thumbnails = GridLadder.average(images.batch(rows, range), thumbnail.side());
      moments.add(thumbnails);
      if (flip) {
        IntStream.range(0, thumbnails.count()).forEach(thumbnails::mirror);
        moments.add(thumbnails);
      }
    }
    return moments;
  }

  private void add(ImageBatch thumbnails) {
    int d = sums.length;
    float[] values = thumbnails.pixels();
    for (int first = 0; first < values.length; first += d) {
      for (int i = 0; i < d; i++) {
        sums[i] += values[first + i];
        for (int j = 0; j < d; j++) {
          products[i * d + j] += (double) values[first + i] * values[first + j];
        }
      }
    }
  }

  private static HiddenSpace space(ImageShape thumbnail, List<ThumbnailMoments> parts) {
    int d = thumbnail.size();
    long count = parts.stream().mapToLong(ThumbnailMoments::images).sum();
    double[] mean = new double[d];
    double[][] covariance = new double[d][d];
    for (ThumbnailMoments part : parts) {
      for (int i = 0; i < d; i++) {
        mean[i] += part.sums()[i] / count;
        for (int j = 0; j < d; j++) {
          covariance[i][j] += part.products()[i * d + j] / count;
        }
      }
    }
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        covariance[i][j] -= mean[i] * mean[j];
      }
    }
    return HiddenSpace.of(thumbnail, mean, covariance);
  }
}
