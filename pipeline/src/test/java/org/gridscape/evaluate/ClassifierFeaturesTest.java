package org.gridscape.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.util.Collections;
import java.util.Random;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.ImageShape;
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
    assertThat(features.name()).isEqualTo("fashion-mnist-classifier-v1");
    assertThat(features.dimension()).isEqualTo(64);
    assertThat(features.sha256()).matches("[0-9a-f]{64}");
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
            "Cannot load org/gridscape/evaluate/fashion-mnist-classifier.zip: "
                + "SHA-256 is [0-9a-f]{64} \\(must be "
                + features.sha256()
                + "\\)");
  }

  @Test
  void givesOneFiniteRowAnImage() {
    double[][] rows = features.features(random(new ImageShape(1, 32), 3));
    assertThat(rows).hasDimensions(3, 64);
    assertThat(FeatureMoments.of(rows).n()).isEqualTo(3);
    assertThat(rows[0]).isNotEqualTo(rows[1]);
  }

  @Test
  void repeatsExactly() {
    ImageBlock images = random(new ImageShape(1, 32), 130);
    double[][] first = features.features(images);
    assertThat(features.features(images)).isDeepEqualTo(first);
    try (ClassifierFeatures again = ClassifierFeatures.shipped()) {
      assertThat(again.features(images)).isDeepEqualTo(first);
    }
  }

  @Test
  void keepsTheOrderOfImagesAcrossBatches() {
    ImageBlock images = random(new ImageShape(1, 32), 130);
    double[][] rows = features.features(images);
    for (int i : new int[] {0, 99, 100, 129}) {
      double[] alone = features.features(only(images, i))[0];
      assertThat(rows[i]).containsExactly(alone, within(1e-4));
    }
  }

  @Test
  void sumsUpMomentsOfABlock() {
    ImageBlock images = random(new ImageShape(1, 32), 5);
    assertThat(FeatureMoments.of(features, images))
        .isEqualTo(FeatureMoments.of(features.features(images)));
    assertThat(FeatureMoments.of(features, random(new ImageShape(1, 32), 0)))
        .isEqualTo(FeatureMoments.empty(64));
  }

  @Test
  void rejectsOtherShapes() {
    assertThatThrownBy(() -> features.features(random(new ImageShape(3, 32), 1)))
        .hasMessage("Invalid image shape: 3x32x32 (must be 1x32x32 for the classifier)");
    assertThatThrownBy(() -> features.features(random(new ImageShape(1, 28), 1)))
        .hasMessage("Invalid image shape: 1x28x28 (must be 1x32x32 for the classifier)");
  }

  private static byte[] shippedBytes() throws Exception {
    try (InputStream in =
        ClassifierFeatures.class
            .getClassLoader()
            .getResourceAsStream(ClassifierFeatures.RESOURCE)) {
      return in.readAllBytes();
    }
  }

  private static ImageBlock random(ImageShape shape, int count) {
    byte[] pixels = new byte[count * shape.size()];
    new Random(1).nextBytes(pixels);
    return new ImageBlock(shape, Collections.nCopies(count, "random"), new int[count], pixels);
  }

  private static ImageBlock only(ImageBlock images, int index) {
    int size = images.shape().size();
    byte[] pixels = new byte[size];
    System.arraycopy(images.pixels(), index * size, pixels, 0, size);
    return new ImageBlock(
        images.shape(), images.ids().subList(index, index + 1), new int[1], pixels);
  }
}
