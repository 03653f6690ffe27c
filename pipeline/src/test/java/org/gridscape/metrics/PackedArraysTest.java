package org.gridscape.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import org.junit.jupiter.api.Test;

class PackedArraysTest {
  private static final FeatureRows ROWS = DrawnFeatures.rows(1, 7, 5, 1, 0);

  @Test
  void comeBackAsTheyWere() throws Exception {
    FeatureMoments moments = FeatureMoments.of(ROWS);
    Gaussian gaussian = Gaussian.of(moments);
    assertThat(copy(ROWS)).isEqualTo(ROWS);
    assertThat(copy(moments)).isEqualTo(moments);
    assertThat(copy(gaussian)).isEqualTo(gaussian);
    assertThat(copy(new FeatureRows(3, new float[0])).rows()).isZero();
  }

  @Test
  void travelAsBytes() throws Exception {
    FeatureRows many = DrawnFeatures.rows(1, 700, 50, 1, 0);
    assertThat(bytes(many)).hasSizeLessThan(700 * 50 * Float.BYTES + 500);
    assertThat(PackedArrays.fits(1 << 29)).isFalse();
  }

  @SuppressWarnings("unchecked")
  private static <T extends Serializable> T copy(T object) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes(object)))) {
      return (T) in.readObject();
    }
  }

  private static byte[] bytes(Serializable object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }
}
