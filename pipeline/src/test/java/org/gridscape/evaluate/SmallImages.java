package org.gridscape.evaluate;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.features.ExtractorIdentity;
import org.gridscape.features.ExtractorSpec;
import org.gridscape.features.FeatureExtractor;
import org.gridscape.image.PixelRange;
import org.gridscape.metrics.FeatureRows;
import org.gridscape.numpy.NpyArray;
import org.gridscape.numpy.NpzFile;
import org.gridscape.storage.Patience;

/** Seeded grey images of a few pixels, and extractions whose features are the pixels. */
final class SmallImages {
  static final Patience ONCE = new Patience(Duration.ZERO);
  private static final int SIDE = 3;
  static final int DIMENSION = SIDE * SIDE;

  private SmallImages() {}

  static SparkSession session(String master) {
    return SparkSession.builder()
        .master(master)
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate();
  }

  static JavaSparkContext context(SparkSession session) {
    return JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  /** Correlated noise, one value a pixel. */
  static byte[] pixels(int count, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * DIMENSION];
    for (int i = 0; i < count; i++) {
      double common = 20 * random.nextGaussian();
      for (int p = 0; p < DIMENSION; p++) {
        double value = 100 + 5 * p + seed + common + 15 * random.nextGaussian();
        pixels[i * DIMENSION + p] = (byte) Math.round(Math.max(0, Math.min(255, value)));
      }
    }
    return pixels;
  }

  /** The pixels as features. */
  static FeatureRows rows(byte[] pixels) {
    float[] values = new float[pixels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = pixels[i] & 0xff;
    }
    return new FeatureRows(DIMENSION, values);
  }

  /** Writes images as the array arr_0 of an npz file. */
  static String write(Path file, byte[] pixels) throws IOException {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("arr_0", NpyArray.of(pixels, pixels.length / DIMENSION, SIDE, SIDE));
    try (OutputStream out = Files.newOutputStream(file)) {
      NpzFile.write(out, arrays, NpzFile.Packing.STORED);
    }
    return file.toString();
  }

  static ExtractionSettings settings(int subsample) {
    ExtractorSpec spec = new ExtractorSpec.RawPixels(1, SIDE, SIDE, PixelRange.BYTES);
    ExtractorIdentity identity;
    try (FeatureExtractor extractor = spec.open()) {
      identity = extractor.identity();
    }
    return new ExtractionSettings(spec, identity, 7, subsample, 10, ExtractionSettings.SEED);
  }

  static Extraction extraction(JavaSparkContext spark, Path work, int subsample) {
    return new Extraction(
        spark, work.toString(), ONCE, settings(subsample), (set, done, total) -> {});
  }

  static int[] range(int count) {
    int[] numbers = new int[count];
    Arrays.setAll(numbers, i -> i);
    return numbers;
  }
}
