package org.gridscape.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.gridscape.image.PixelRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractorSpecTest {
  private static final String SHA256 = "0123456789abcdef".repeat(4);

  @Test
  void readsTheWordsOfACommand() {
    assertThat(spec("classifier")).isEqualTo(new ExtractorSpec.ShippedClassifier());
    assertThat(spec("pixels:3x32x48"))
        .isEqualTo(new ExtractorSpec.RawPixels(3, 32, 48, PixelRange.BYTES));
    assertThat(spec("hdfs://store/nets/dino.onnx"))
        .isEqualTo(
            new ExtractorSpec.Onnx(
                "dino", "hdfs://store/nets/dino.onnx", "", Protocol.CLEAN, 16, 2));
    assertThat(spec("inception", Optional.of("/nets/i.onnx"), Optional.of(SHA256)))
        .isEqualTo(
            new ExtractorSpec.Onnx("inception", "/nets/i.onnx", SHA256, Protocol.CLEAN, 16, 2));
  }

  @Test
  void saysHowToMakeTheInceptionThatIsNotNamed() {
    assertThatThrownBy(() -> spec("inception"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Missing weights of inception: name its ONNX file; make it from"
                + " pt_inception-2015-12-05-6726825d.pth, whose SHA-256 begins with 6726825d:"
                + " python notebooks/export_inception.py"
                + " --weights pt_inception-2015-12-05-6726825d.pth --out inception.onnx");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Inception", "", "pixels", "pixels:32x32", "pixels:2x9x9", "pixels:1x999999x9"})
  void rejectsOtherWords(String word) {
    assertThatThrownBy(() -> spec(word))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid extractor: %s (must be inception, classifier, pixels:CxHxW such as pixels:3x32x32, or a path that ends in .onnx)"
                .formatted(word));
  }

  @Test
  void rejectsWhatDoesNotBelongToTheExtractor() {
    assertThatThrownBy(() -> spec("classifier", Optional.of("a.onnx"), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid weights: a.onnx (must belong to inception; the extractor is classifier)");
    assertThatThrownBy(() -> spec("pixels:1x2x2", Optional.empty(), Optional.of(SHA256)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid SHA-256: %s (must belong to an ONNX file; the extractor is pixels:1x2x2)"
                .formatted(SHA256));
    assertThatThrownBy(() -> spec("a.onnx", Optional.empty(), Optional.of("6726825d")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid SHA-256: 6726825d (must be 64 lower-case hexadecimal digits)");
  }

  @Test
  void rejectsCountsBelowOne() {
    assertThatThrownBy(() -> new ExtractorSpec.Onnx("a", "a", "", Protocol.CLEAN, 0, 1))
        .hasMessage("Invalid batch: 0 (must be >= 1)");
    assertThatThrownBy(() -> new ExtractorSpec.Onnx("a", "a", "", Protocol.CLEAN, 1, 0))
        .hasMessage("Invalid threads: 0 (must be >= 1)");
    assertThatThrownBy(() -> new ExtractorSpec.RawPixels(1, 0, 4, PixelRange.BYTES))
        .hasMessage("Invalid shape of pixels: 1x0x4 (must be 1 or 3 channels, at least 1x1)");
  }

  @Test
  void opensTheShippedClassifier() {
    try (FeatureExtractor features = spec("classifier").open()) {
      assertThat(features.identity().name()).isEqualTo(ClassifierFeatures.NAME);
      assertThat(features.device()).isEqualTo("cpu");
    }
  }

  @Test
  void pixelsAreFeatures() {
    Raster image = new Raster(1, 1, 3, new byte[] {0, 51, (byte) 255});
    try (FeatureExtractor bytes = spec("pixels:1x1x3").open();
        FeatureExtractor unit = new ExtractorSpec.RawPixels(1, 1, 3, new PixelRange(0, 1)).open()) {
      assertThat(bytes.extract(List.of(image, image)).features())
          .containsExactly(0, 51, 255, 0, 51, 255);
      assertThat(unit.extract(List.of(image)).features())
          .containsExactly(new float[] {0, 0.2f, 1}, within(1e-6f));
      assertThat(bytes.identity())
          .isEqualTo(new ExtractorIdentity("pixels-1x1x3-[0.0,255.0]", "", "", 3, 0, 0));
      assertThat(bytes.identity()).isNotEqualTo(unit.identity());
    }
  }

  @Test
  void pixelsAreOfOneShape() {
    try (FeatureExtractor features = spec("pixels:1x1x3").open()) {
      assertThatThrownBy(() -> features.extract(List.of(new Raster(3, 3, 1, new byte[9]))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Invalid image shape: 3x3x1 (must be 1x1x3, the shape of the features)");
    }
  }

  private static ExtractorSpec spec(String word) {
    return spec(word, Optional.empty(), Optional.empty());
  }

  private static ExtractorSpec spec(
      String word, Optional<String> weights, Optional<String> sha256) {
    return ExtractorSpec.of(word, Protocol.CLEAN, weights, sha256, 16, 2);
  }
}
