package org.gridscape.dl4j;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.gridscape.dataset.DataException;
import org.gridscape.dataset.PreparedImage;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Turns the features of DL4J's data sets into images of bytes. An image is named by its number in
 * the order of the RDD, whatever its partitions.
 *
 * @param shape of every image; features are arrays [n, channels, side, side]
 * @param range of the features; values may miss it by half a grey level, as rounding does
 */
record FeatureImages(ImageShape shape, PixelRange range) implements Serializable {

  /** The images, or why one is none; reads the RDD once to number them. */
  JavaRDD<PreparedImage> images(JavaRDD<DataSet> examples) {
    List<Integer> counts =
        examples.mapPartitions(part -> List.of(count(part)).iterator()).collect();
    int[] firstNumbers = new int[counts.size() + 1];
    for (int i = 0; i < counts.size(); i++) {
      firstNumbers[i + 1] = Math.addExact(firstNumbers[i], counts.get(i));
    }
    return examples.mapPartitionsWithIndex(
        (partition, part) ->
            images(part, partition, firstNumbers[partition], firstNumbers[partition + 1]),
        true);
  }

  private static int count(Iterator<DataSet> examples) {
    int count = 0;
    while (examples.hasNext()) {
      count += examplesOf(examples.next());
    }
    return count;
  }

  /** A data set without features counts as one example, so that it can be refused by number. */
  private static int examplesOf(DataSet examples) {
    return examples.getFeatures() == null ? 1 : (int) examples.getFeatures().size(0);
  }

  private Iterator<PreparedImage> images(
      Iterator<DataSet> examples, int partition, int first, int end) {
    return new Iterator<>() {
      private Iterator<PreparedImage> block = List.<PreparedImage>of().iterator();
      private int next = first;

      @Override
      public boolean hasNext() {
        while (!block.hasNext() && examples.hasNext()) {
          block = images(examples.next(), next).iterator();
        }
        if (!block.hasNext() && next < end) {
          throw changed();
        }
        return block.hasNext();
      }

      @Override
      public PreparedImage next() {
        if (!hasNext()) {
          throw new java.util.NoSuchElementException();
        }
        if (next++ == end) {
          throw changed();
        }
        return block.next();
      }

      private DataException changed() {
        return new DataException(
            "Cannot read examples: partition %d had %d when they were counted, and now another number (the RDD must be the same each time it is computed: cache it)"
                .formatted(partition, end - first));
      }
    };
  }

  private List<PreparedImage> images(DataSet examples, int first) {
    int count = examplesOf(examples);
    List<PreparedImage> images = new ArrayList<>(count);
    INDArray features = examples.getFeatures();
    if (features == null || !fits(features.shape())) {
      String found = features == null ? "none" : Arrays.toString(features.shape());
      String reason =
          "Invalid features: %s (must be [n, %d, %d, %d])"
              .formatted(found, shape.channels(), shape.side(), shape.side());
      for (int i = 0; i < count; i++) {
        images.add(new PreparedImage.Rejected(id(first + i), reason));
      }
      return images;
    }
    float[] values = values(features);
    for (int i = 0; i < count; i++) {
      images.add(image(id(first + i), values, i * shape.size()));
    }
    return images;
  }

  private boolean fits(long[] found) {
    return found.length == 4
        && found[1] == shape.channels()
        && found[2] == shape.side()
        && found[3] == shape.side();
  }

  /** Whatever the order, strides and type of the array. */
  private static float[] values(INDArray features) {
    try (INDArray ordered = features.dup('c')) {
      return ordered.data().asFloat();
    }
  }

  private PreparedImage image(String id, float[] values, int offset) {
    byte[] pixels = new byte[shape.size()];
    float half = (range.high() - range.low()) / 510;
    for (int p = 0; p < pixels.length; p++) {
      float value = values[offset + p];
      // The other way round NaN would pass.
      if (!(value >= range.low() - half && value <= range.high() + half)) {
        return new PreparedImage.Rejected(id, reason(value, p));
      }
      pixels[p] = range.toByte(value);
    }
    return new PreparedImage.Accepted(id, -1, pixels);
  }

  private String reason(float value, int pixel) {
    int plane = shape.side() * shape.side();
    return "Invalid pixel: %s at [%d, %d, %d] (must be in [%s, %s])"
        .formatted(
            value,
            pixel / plane,
            pixel % plane / shape.side(),
            pixel % shape.side(),
            range.low(),
            range.high());
  }

  /** Ten digits, so that names and numbers have one order. */
  private static String id(int number) {
    return "example-%010d".formatted(number);
  }
}
