package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class FloatArraysTest {
  @Test
  void everyBitTravels() throws Exception {
    float[] special = {
      0f, -0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY, Float.intBitsToFloat(0x7fc12345)
    };
    FloatArrays sent = FloatArrays.of(List.of(special, new float[0], new float[] {1.5f}));
    FloatArrays received = (FloatArrays) read(write(sent));
    assertThat(received).hasSize(3);
    for (int i = 0; i < special.length; i++) {
      assertThat(Float.floatToRawIntBits(received.get(0)[i]))
          .isEqualTo(Float.floatToRawIntBits(special[i]));
    }
    assertThat(received.get(1)).isEmpty();
    assertThat(received.get(2)).containsExactly(1.5f);
  }

  @Test
  void parametersTravelAsBytes() throws Exception {
    Parameters sent = new Parameters(List.of(new float[1000], new float[500]));
    byte[] written = write(sent);
    assertThat(written).hasSizeBetween(6000, 6600);
    assertThat(((Parameters) read(written)).sha256()).isEqualTo(sent.sha256());
  }

  private static byte[] write(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }
}
