package org.gridscape.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClassifierFeaturesTest {
  private static ClassifierFeatures features;

  @BeforeAll
  static void load() {
    features = ClassifierFeatures.shipped();
  }

  @AfterAll
  static void close() {
    features.close();
  }

  @Test
  void namesItselfAndItsWeights() {
    ExtractorIdentity identity = features.identity();
    assertThat(identity.name()).isEqualTo("fashion-mnist-classifier-v1");
    assertThat(identity.dimension()).isEqualTo(64);
    assertThat(identity.classes()).isZero();
    assertThat(identity.sha256()).matches("[0-9a-f]{64}");
  }

  @Test
  void shipsLessThanOneMegabyte() throws Exception {
    assertThat(shippedBytes()).hasSizeLessThan(1_000_000);
  }

  @Test
  void rejectsWeightsWithAFlippedBit() throws Exception {
    byte[] model = shippedBytes();
    model[model.length / 2] ^= 1;
    assertThatThrownBy(() -> ClassifierFeatures.of(model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "Cannot load org/gridscape/features/fashion-mnist-classifier.zip: "
                + "SHA-256 is [0-9a-f]{64} \\(must be "
                + features.identity().sha256()
                + "\\)");
  }

  @Test
  void givesOneFiniteRowAnImage() {
    FeatureBatch batch = features.extract(random(3));
    assertThat(batch.count()).isEqualTo(3);
    assertThat(batch.features()).hasSize(3 * 64).doesNotContain(Float.NaN);
    assertThat(batch.logits()).isEmpty();
    assertThat(batch.spatial()).isEmpty();
    assertThat(row(batch, 0)).isNotEqualTo(row(batch, 1));
  }

  @Test
  void repeatsExactly() {
    List<Raster> images = random(130);
    float[] first = features.extract(images).features();
    assertThat(features.extract(images).features()).isEqualTo(first);
    try (ClassifierFeatures again = ClassifierFeatures.shipped()) {
      assertThat(again.extract(images).features()).isEqualTo(first);
    }
  }

  @Test
  void keepsTheOrderOfImagesAcrossBatches() {
    List<Raster> images = random(130);
    FeatureBatch batch = features.extract(images);
    for (int i : new int[] {0, 99, 100, 129}) {
      float[] alone = features.extract(images.subList(i, i + 1)).features();
      assertThat(row(batch, i)).containsExactly(alone, within(1e-4f));
    }
  }

  @Test
  void rejectsOtherShapes() {
    assertThatThrownBy(() -> features.extract(List.of(new Raster(3, 32, 32, new byte[3072]))))
        .hasMessage("Invalid image shape: 3x32x32 (must be 1x32x32 for the classifier)");
    assertThatThrownBy(() -> features.extract(List.of(new Raster(1, 28, 32, new byte[896]))))
        .hasMessage("Invalid image shape: 1x28x32 (must be 1x32x32 for the classifier)");
  }

  private static byte[] shippedBytes() throws Exception {
    try (InputStream in =
        ClassifierFeatures.class
            .getClassLoader()
            .getResourceAsStream(ClassifierFeatures.RESOURCE)) {
      return in.readAllBytes();
    }
  }

  private static List<Raster> random(int count) {
    Random random = new Random(1);
    return Stream.generate(
            () -> {
              byte[] pixels = new byte[32 * 32];
              random.nextBytes(pixels);
              return new Raster(1, 32, 32, pixels);
            })
        .limit(count)
        .toList();
  }

  private static float[] row(FeatureBatch batch, int index) {
    return Arrays.copyOfRange(batch.features(), index * 64, (index + 1) * 64);
  }
}
