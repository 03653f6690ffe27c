package org.gridscape.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The golden values are made by {@code resize.py} in the resources. */
class ProtocolTest {
  /** A few roundings of a value between 1/2 and 1. */
  private static final float TOLERANCE = 5e-7f;

  /** A line of the golden file. */
  private record Case(
      String image,
      int height,
      int width,
      Protocol protocol,
      int side,
      String crc,
      double sum,
      float[] kept) {

    static Case of(String line) {
      String[] words = line.split(" ", -1);
      FloatBuffer kept = ByteBuffer.wrap(HexFormat.of().parseHex(words[7])).asFloatBuffer();
      float[] values = new float[kept.remaining()];
      kept.get(values);
      return new Case(
          words[0],
          Integer.parseInt(words[1]),
          Integer.parseInt(words[2]),
          Protocol.of(words[3]),
          Integer.parseInt(words[4]),
          words[5],
          Double.parseDouble(words[6]),
          values);
    }

    float[] input() {
      return ProtocolTest.input(protocol, raster(image, height, width), side);
    }

    String name() {
      return "%s %dx%d by %s to %d".formatted(image, height, width, protocol, side);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void agreesWithItsOriginal(Protocol protocol) throws Exception {
    List<Case> cases = cases(protocol);
    assertThat(cases).hasSize(24);
    for (Case golden : cases) {
      float[] found = golden.input();
      int stride = found.length < 2000 ? 9 : 997;
      for (int i = 0; i < golden.kept().length; i++) {
        assertThat(found[i * stride])
            .as("%s, value %d", golden.name(), i * stride)
            .isCloseTo(golden.kept()[i], within(TOLERANCE));
      }
      double sum = 0;
      for (float value : found) {
        sum += value;
      }
      assertThat(sum).as(golden.name()).isCloseTo(golden.sum(), within(1e-8 * found.length));
    }
  }

  /**
   * But where PIL 13 goes down before it goes across, or where PyTorch adds up many inputs in an
   * order of its own.
   */
  @Test
  void givesTheBitsOfItsOriginal() throws Exception {
    List<String> others = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      for (Case golden : cases(protocol)) {
        if (!crc(golden.input()).equals(golden.crc())) {
          others.add(golden.name());
        }
      }
    }
    assertThat(others)
        .containsExactly(
            "stripes 40x23 by clean to 13",
            "stripes 40x23 by clean to 32",
            "noise 350x301 by clean to 299",
            "checkerboard 32x32 by antialias-bilinear to 13",
            "stripes 40x23 by antialias-bilinear to 13",
            "noise 64x64 by antialias-bilinear to 13",
            "noise 350x301 by antialias-bilinear to 13",
            "noise 350x301 by antialias-bilinear to 32",
            "noise 350x301 by antialias-bilinear to 64");
  }

  private static String crc(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    CRC32 crc = new CRC32();
    crc.update(bytes.array());
    return "%08x".formatted(crc.getValue());
  }

  private static List<Case> cases(Protocol protocol) throws Exception {
    try (var in = ProtocolTest.class.getResourceAsStream("resize.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(Case::of)
          .filter(golden -> golden.protocol() == protocol)
          .toList();
    }
  }

  private static float[] input(Protocol protocol, Raster image, int side) {
    NetworkInput input = new NetworkInput(protocol, 3, side);
    FloatBuffer buffer = FloatBuffer.allocate(input.size());
    input.put(image, buffer);
    return buffer.array();
  }

  /** By the formulas of {@code resize.py}. */
  private static Raster raster(String image, int height, int width) {
    byte[] pixels = new byte[3 * height * width];
    for (int i = 0; i < pixels.length; i++) {
      int c = i / (height * width);
      int y = i / width % height;
      int x = i % width;
      pixels[i] =
          (byte)
              switch (image) {
                case "checkerboard" -> (x + y + c) % 2 * 255L;
                case "stripes" -> y * 17 + x * x * 7 + c * 91 + y * x;
                case "noise" ->
                    (((c * 1009L + y) * 2003 + x) * 1103515245 + 12345) % (1L << 31) >> 16;
                default -> throw new AssertionError(image);
              };
    }
    return new Raster(3, height, width, pixels);
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void leavesAnImageOfTheRightSizeAsItIs(Protocol protocol) {
    Raster image = raster("noise", 20, 20);
    float[] found = input(protocol, image, 20);
    for (int i = 0; i < found.length; i++) {
      float pixel = image.pixels()[i] & 0xff;
      assertThat(found[i])
          .isEqualTo(
              protocol == Protocol.PYTORCH_LEGACY ? 2 * (pixel / 255) - 1 : (pixel - 128) / 128);
    }
  }

  /** The range of the network, and that no weight is lost at the borders. */
  @ParameterizedTest
  @EnumSource(Protocol.class)
  void keepsBlackAndWhite(Protocol protocol) {
    for (int size : new int[] {1, 2, 17, 400}) {
      byte[] white = new byte[size * size];
      Arrays.fill(white, (byte) 255);
      float[] bright = input(protocol, new Raster(1, size, size, white), 50);
      float expected = protocol == Protocol.PYTORCH_LEGACY ? 1 : 127 / 128f;
      for (float value : bright) {
        assertThat(value).isCloseTo(expected, within(TOLERANCE));
      }
      assertThat(input(protocol, new Raster(1, size, size, new byte[size * size]), 50))
          .containsOnly(-1f);
    }
  }

  @Test
  void isNamedInCommands() {
    assertThat(Protocol.of("antialias-bilinear")).isEqualTo(Protocol.ANTIALIAS_BILINEAR);
    assertThatThrownBy(() -> Protocol.of("cleaner"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid protocol: cleaner (must be one of tf-legacy, pytorch-legacy, clean, antialias-bilinear)");
  }
}
