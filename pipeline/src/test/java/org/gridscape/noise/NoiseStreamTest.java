package org.gridscape.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.gridscape.noise.NoiseStream.Purpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseStreamTest {
  private static final NoiseStream STREAM = NoiseStream.of(7, Purpose.LANGEVIN);

  @Test
  void tableAgreesWithTheExactQuantile() {
    NormalDistribution exact = new NormalDistribution(0, 1);
    for (long magnitude = 0; magnitude < 1L << 31; magnitude += 104_729) {
      double u = (2 * magnitude + 1) * 0x1p-33;
      assertThat((double) NormalTable.normal((int) magnitude))
          .isCloseTo(-exact.inverseCumulativeProbability(u), offset(4e-6));
    }
  }

  /** The table belongs to the meaning of a seed. */
  @ParameterizedTest
  @CsvSource({
    "00000001, 0x1.8aa6c8p2",
    "00000005, 0x1.7d47cep2",
    "00012345, 0x1.08f6aap2",
    "12345678, 0x1.77b264p0",
    "7fffffff, 0x1.0p-27",
    "80000000, -0x1.95a11ap2",
    "89abcdef, -0x1.c6ee86p0"
  })
  void tableKeepsItsValues(String bits, String value) {
    assertThat(NormalTable.normal(Integer.parseUnsignedInt(bits, 16)))
        .isEqualTo(Float.parseFloat(value));
  }

  @Test
  void tableIsSymmetricAndReachesTheTail() {
    assertThat(NormalTable.normal(0x80000000 | 12345)).isEqualTo(-NormalTable.normal(12345));
    assertThat((double) NormalTable.normal(0)).isCloseTo(6.338, offset(1e-3));
  }

  @Test
  void branchesShareNothingAndTheFirstIsTheStreamItself() {
    NoiseStream stream = NoiseStream.of(1, NoiseStream.Purpose.LANGEVIN);
    assertThat(stream.branch(0)).isEqualTo(stream);
    Set<NoiseStream> streams = new HashSet<>();
    for (int branch = 0; branch < 100; branch++) {
      streams.add(stream.branch(branch));
    }
    for (NoiseStream.Purpose purpose : NoiseStream.Purpose.values()) {
      streams.add(NoiseStream.of(1, purpose));
    }
    assertThat(streams).hasSize(100 + NoiseStream.Purpose.values().length - 1);
    float[] here = new float[1000];
    float[] there = new float[1000];
    stream.normals(NoiseAddress.of(1, 2), here);
    stream.branch(1).normals(NoiseAddress.of(1, 2), there);
    double correlation = new PearsonsCorrelation().correlation(doubles(here), doubles(there));
    assertThat(correlation).isCloseTo(0, offset(0.13));
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  @Test
  void momentsAreThoseOfTheStandardNormal() {
    float[] z = normals(NoiseAddress.of(1, 2), 400_000);
    double[] powers = new double[5];
    for (float value : z) {
      for (int p = 1; p <= 4; p++) {
        powers[p] += Math.pow(value, p) / z.length;
      }
    }
    double standardError = 1 / Math.sqrt(z.length);
    assertThat(powers[1]).isCloseTo(0, offset(4 * standardError));
    assertThat(powers[2]).isCloseTo(1, offset(4 * standardError * Math.sqrt(2)));
    assertThat(powers[3]).isCloseTo(0, offset(4 * standardError * Math.sqrt(15)));
    assertThat(powers[4]).isCloseTo(3, offset(4 * standardError * Math.sqrt(96)));
  }

  @Test
  void passesKolmogorovSmirnov() {
    double[] z = new double[20_000];
    float[] values = normals(NoiseAddress.of(3, 4), z.length);
    for (int i = 0; i < z.length; i++) {
      z[i] = values[i];
    }
    assertThat(new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new NormalDistribution(0, 1), z))
        .isGreaterThan(0.001);
  }

  @Test
  void tailsHaveTheirShare() {
    float[] z = normals(NoiseAddress.of(5, 6), 2_000_000);
    double beyond3 = 0;
    for (float value : z) {
      beyond3 += Math.abs(value) > 3 ? 1 : 0;
    }
    double expected = 2 * 0.001349898 * z.length;
    assertThat(beyond3).isCloseTo(expected, offset(4 * Math.sqrt(expected)));
  }

  @Test
  void neighbouringAddressesAreIndependent() {
    NoiseAddress here = new NoiseAddress(9, 9, 1, 2, 3);
    NoiseAddress[] neighbours = {
      new NoiseAddress(10, 9, 1, 2, 3),
      new NoiseAddress(9, 10, 1, 2, 3),
      new NoiseAddress(9, 9, 2, 2, 3),
      new NoiseAddress(9, 9, 1, 3, 3),
      new NoiseAddress(9, 9, 1, 2, 4)
    };
    float[] z = normals(here, 100_000);
    for (NoiseAddress neighbour : neighbours) {
      assertThat(correlation(z, normals(neighbour, z.length)))
          .as(neighbour.toString())
          .isCloseTo(0, offset(4 / Math.sqrt(z.length)));
    }
    float[] other = new float[z.length];
    NoiseStream.of(7, Purpose.SAMPLING).normals(here, other);
    assertThat(correlation(z, other)).isCloseTo(0, offset(4 / Math.sqrt(z.length)));
    assertThat(correlation(Arrays.copyOf(z, z.length - 1), Arrays.copyOfRange(z, 1, z.length)))
        .isCloseTo(0, offset(4 / Math.sqrt(z.length)));
  }

  @Test
  void sameAddressGivesSameBitsInAnyPiece() {
    float[] whole = normals(NoiseAddress.of(1, 1), 10);
    float[] shifted = new float[12];
    STREAM.normals(NoiseAddress.of(1, 1), shifted, 2, 10);
    assertThat(Arrays.copyOfRange(shifted, 2, 12)).containsExactly(whole);
  }

  /** Lengths around whole blocks, whole vectors and whole fills of the lanes. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 31, 33, 64, 75, 1021, 1023, 1024, 1025, 1026, 3072, 5003})
  void normalsAreThoseOfOneBlockAtATime(int length) {
    NoiseAddress[] addresses = {
      NoiseAddress.of(0, 0),
      new NoiseAddress(-1, -1, 255, 65535, 65535),
      new NoiseAddress(Integer.MIN_VALUE, Integer.MAX_VALUE, 128, 32768, 32767),
      new NoiseAddress(17, 3, 2, 29, 63),
      new NoiseAddress(123_456, 789, 5, 60_000, 1)
    };
    for (long seed : new long[] {0, 7, -1, 0x0123456789abcdefL}) {
      NoiseStream stream = NoiseStream.of(seed, Purpose.LANGEVIN);
      for (NoiseAddress address : addresses) {
        float[] z = new float[length + 5];
        stream.normals(address, z, 3, length);
        float[] expected = new float[length + 5];
        int[] words = new int[4];
        for (int i = 0; i < length; i++) {
          block(stream, address, i / 4, words);
          expected[3 + i] = NormalTable.normal(words[i % 4]);
        }
        assertThat(z).as("seed %s, %s", seed, address).containsExactly(expected);
      }
    }
  }

  @Test
  void uniformsAndPermutationsAreThoseOfOneBlockAtATime() {
    NoiseAddress address = new NoiseAddress(17, 3, 2, 29, 63);
    float[] u = new float[2051];
    STREAM.uniforms(address, u);
    int[] order = new int[u.length];
    int[] words = new int[4];
    for (int i = 0; i < u.length; i++) {
      block(STREAM, address, i / 4, words);
      assertThat(u[i]).isEqualTo((words[i % 4] >>> 8) * 0x1p-24f);
      int j = (int) ((Integer.toUnsignedLong(words[i % 4]) * (i + 1)) >>> 32);
      order[i] = order[j];
      order[j] = i;
    }
    assertThat(STREAM.permutation(address, u.length)).isEqualTo(order);
  }

  @Test
  void permutationHoldsEveryIndexOnceAndVaries() {
    int[] first = STREAM.permutation(NoiseAddress.of(0, 0), 1000);
    int[] second = STREAM.permutation(NoiseAddress.of(1, 0), 1000);
    assertThat(Arrays.stream(first).sorted().toArray())
        .isEqualTo(java.util.stream.IntStream.range(0, 1000).toArray());
    assertThat(second).isNotEqualTo(first);
    double displacement = 0;
    for (int i = 0; i < first.length; i++) {
      displacement += Math.abs(first[i] - i) / 1000.0;
    }
    assertThat(displacement).isCloseTo(333, offset(40.0));
  }

  @Test
  void uniformsFillTheUnitInterval() {
    float[] u = new float[100_000];
    STREAM.uniforms(NoiseAddress.of(2, 2), u);
    double mean = 0;
    for (float value : u) {
      assertThat(value).isBetween(0f, Math.nextDown(1f));
      mean += value / u.length;
    }
    assertThat(mean).isCloseTo(0.5, offset(4 * Math.sqrt(1.0 / 12 / u.length)));
  }

  @Test
  void rejectsAddressesThatOverlap() {
    assertThatThrownBy(() -> new NoiseAddress(0, 0, 256, 0, 0))
        .hasMessage(
            "Invalid noise address: grid 256, step 0, slot 0 (must be at most 255, 65535, 65535)");
  }

  private static float[] normals(NoiseAddress address, int n) {
    float[] z = new float[n];
    STREAM.normals(address, z);
    return z;
  }

  private static void block(NoiseStream stream, NoiseAddress at, int block, int[] words) {
    Philox.block(
        stream.key0(),
        stream.key1(),
        (at.grid() << 24) | block,
        (at.step() << 16) | at.slot(),
        at.cell(),
        at.iteration(),
        words);
  }

  private static double correlation(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * (double) b[i] / a.length;
    }
    return sum;
  }
}
