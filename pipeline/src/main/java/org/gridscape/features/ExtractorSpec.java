package org.gridscape.features;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridscape.image.PixelRange;

/** Which extractor to use; travels to executors, where the extractor is opened. */
public sealed interface ExtractorSpec extends Serializable {
  /** The network of the FID: {@link #of} wants its file. */
  String INCEPTION = "inception";

  /** The shipped classifier. */
  String CLASSIFIER = "classifier";

  /** Pixels, as in {@code pixels:3x32x32}. */
  String PIXELS = "pixels";

  /**
   * Opens the extractor in this process.
   *
   * @throws ExtractorException if its file is missing or cannot be used
   */
  FeatureExtractor open();

  /**
   * An extractor in the words of a command.
   *
   * @param word {@code inception}, {@code classifier}, {@code pixels:CxHxW} or the path of an ONNX
   *     file, which ends in {@code .onnx}
   * @param weights file of {@code inception}; for the others it must be empty
   * @param sha256 of the ONNX file; empty if any will do
   * @param protocol by which images come to the network of an ONNX file; the other extractors take
   *     them as they are
   * @param batch images that the network of an ONNX file takes at once
   * @param threads that compute it
   * @throws IllegalArgumentException if the word is none of these, or what comes with it does not
   *     belong to it
   */
  static ExtractorSpec of(
      String word,
      Protocol protocol,
      Optional<String> weights,
      Optional<String> sha256,
      int batch,
      int threads) {
    if (word.equals(INCEPTION)) {
      String path =
          weights.orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "Missing weights of inception: name its ONNX file; "
                          + InceptionFile.howToMake("inception.onnx")));
      return new Onnx(INCEPTION, path, sha256.orElse(""), protocol, batch, threads);
    }
    rejectUnless(weights.isEmpty(), "weights", weights.orElse(""), "belong to inception", word);
    if (word.endsWith(".onnx")) {
      return new Onnx(nameOf(word), word, sha256.orElse(""), protocol, batch, threads);
    }
    rejectUnless(sha256.isEmpty(), "SHA-256", sha256.orElse(""), "belong to an ONNX file", word);
    if (word.equals(CLASSIFIER)) {
      return new ShippedClassifier();
    }
    Matcher pixels = Pattern.compile(PIXELS + ":([13])x(\\d{1,5})x(\\d{1,5})").matcher(word);
    if (!pixels.matches()) {
      throw new IllegalArgumentException(
          "Invalid extractor: %s (must be inception, classifier, pixels:CxHxW such as pixels:3x32x32, or a path that ends in .onnx)"
              .formatted(word));
    }
    return new RawPixels(
        Integer.parseInt(pixels.group(1)),
        Integer.parseInt(pixels.group(2)),
        Integer.parseInt(pixels.group(3)),
        PixelRange.BYTES);
  }

  private static void rejectUnless(
      boolean holds, String what, String value, String rule, String word) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must %s; the extractor is %s)".formatted(what, value, rule, word));
    }
  }

  private static String nameOf(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    return file.substring(0, file.length() - ".onnx".length());
  }

  /** The shipped classifier of Fashion-MNIST, see {@link ClassifierFeatures}. */
  record ShippedClassifier() implements ExtractorSpec {
    @Override
    public FeatureExtractor open() {
      return ClassifierFeatures.shipped();
    }
  }

  /**
   * A network in an ONNX file, run by ONNX Runtime.
   *
   * <p>It has one input of floats [n, 1 or 3, side, side] with n left free. Its features are the
   * output named {@code features} or {@code pool3}, or the only output; {@code logits} and {@code
   * spatial} are optional outputs. What an output holds of an image is flattened. All of the
   * network lies in the one file.
   *
   * @param name of the network, unless the file says it in its metadata under {@code name}
   * @param path of the file, any Hadoop path
   * @param sha256 that the file must have, 64 lower-case hexadecimal digits; empty if any will do
   * @param protocol by which images come to the network
   * @param batch images it takes at once
   * @param threads that compute an operation
   */
  record Onnx(String name, String path, String sha256, Protocol protocol, int batch, int threads)
      implements ExtractorSpec {

    /** Rejects counts below 1 and what is no SHA-256. */
    public Onnx {
      requireAtLeastOne("batch", batch);
      requireAtLeastOne("threads", threads);
      if (!sha256.isEmpty() && !sha256.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException(
            "Invalid SHA-256: %s (must be 64 lower-case hexadecimal digits)".formatted(sha256));
      }
    }

    private static void requireAtLeastOne(String what, int value) {
      if (value < 1) {
        throw new IllegalArgumentException("Invalid %s: %d (must be >= 1)".formatted(what, value));
      }
    }

    @Override
    public FeatureExtractor open() {
      return OnnxFeatures.open(this);
    }
  }

  /**
   * Pixels as features, plane after plane, in a range.
   *
   * @param channels of all images, 1 or 3
   * @param height of all images
   * @param width of all images
   * @param range of the features; {@link PixelRange#BYTES} leaves the bytes' values
   */
  record RawPixels(int channels, int height, int width, PixelRange range) implements ExtractorSpec {

    /** Rejects shapes that no image has. */
    public RawPixels {
      if ((channels != 1 && channels != 3)
          || height < 1
          || width < 1
          || (long) channels * height * width > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "Invalid shape of pixels: %dx%dx%d (must be 1 or 3 channels, at least 1x1)"
                .formatted(channels, height, width));
      }
    }

    @Override
    public FeatureExtractor open() {
      return new PixelFeatures(this);
    }
  }
}
