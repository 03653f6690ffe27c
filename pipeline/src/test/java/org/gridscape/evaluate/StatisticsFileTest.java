package org.gridscape.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.gridscape.features.ExtractorIdentity;
import org.gridscape.metrics.FeatureMoments;
import org.gridscape.metrics.FeatureRows;
import org.gridscape.metrics.Gaussian;
import org.gridscape.numpy.NpyArray;
import org.gridscape.numpy.NpzFile;
import org.gridscape.numpy.NumpyProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statistics that numpy computed and wrote (statistics.py, beside them), and our own. */
class StatisticsFileTest {
  private static final ExtractorIdentity SMALL =
      new ExtractorIdentity("small", "ab", "clean", 5, 0, 0);

  @TempDir private Path folder = Path.of("unset");

  @Test
  void readsWhatTheCommunityWrites() throws IOException {
    StatisticsFile whole = golden("whole.npz");
    assertThat(whole.features().dimension()).isEqualTo(5);
    assertThat(whole.n()).isEmpty();
    assertThat(whole.ddof()).isEqualTo(1);
    assertThat(whole.spatial()).isEmpty();
    assertThat(whole.origin()).isEqualTo(Origin.UNKNOWN);
    assertThat(golden("batch.npz").features()).isEqualTo(whole.features());
    assertThat(golden("batch.npz").spatial().orElseThrow().dimension()).isEqualTo(3);
    assertThatClose(golden("floats.npz").features(), whole.features(), 1e-6);
  }

  @Test
  void addsTwoFilesAsNumpyComputesTheWhole() throws IOException {
    StatisticsFile first = golden("first.npz");
    StatisticsFile second = golden("second.npz");
    StatisticsFile merged = first.merge("first.npz", second, "second.npz");
    assertThatClose(merged.features(), golden("whole.npz").features(), 1e-14);
    assertThat(merged.n()).contains(40L);
    assertThat(merged.ddof()).isEqualTo(1);
    assertThat(merged.origin())
        .isEqualTo(
            new Origin(
                Optional.of("small"),
                Optional.empty(),
                Optional.of("clean"),
                Optional.of("first + second"),
                Optional.empty()));
    assertThatClose(
        second.merge("second.npz", first, "first.npz").features(), merged.features(), 1e-14);
  }

  @Test
  void addsSpatialLayersWhereBothHaveThem() {
    double[][] rows = {{1, 2}, {3, 5}, {2, 2}, {0, 1}};
    double[][] layer = {{1}, {4}, {2}, {5}};
    StatisticsFile whole = statistics(rows, layer);
    StatisticsFile first =
        statistics(Arrays.copyOfRange(rows, 0, 2), Arrays.copyOfRange(layer, 0, 2));
    StatisticsFile second =
        statistics(Arrays.copyOfRange(rows, 2, 4), Arrays.copyOfRange(layer, 2, 4));
    StatisticsFile merged = first.merge("a", second, "b");
    assertThatClose(merged.features(), whole.features(), 1e-15);
    assertThatClose(merged.spatial().orElseThrow(), whole.spatial().orElseThrow(), 1e-15);
    StatisticsFile without = StatisticsFile.of(second.moments(), Optional.empty(), second.origin());
    assertThat(first.merge("a", without, "b").spatial()).isEmpty();
    assertThatThrownBy(
            () -> StatisticsFile.of(first.moments(), whole.spatialMoments(), Origin.UNKNOWN))
        .hasMessage("Invalid row counts: 2 and 4 (must be equal)");
  }

  @Test
  void givesBackMoments() {
    FeatureMoments moments = moments(new double[][] {{1, 2}, {3, 5}, {2, 2}});
    FeatureMoments back = StatisticsFile.of(moments, Optional.empty(), Origin.UNKNOWN).moments();
    assertThat(back.n()).isEqualTo(3);
    assertThat(back.mean()).isEqualTo(moments.mean());
    assertThat(back.m2()).containsExactly(moments.m2(), within(1e-14));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "file:"})
  void readsBackWhatItWrote(String scheme) throws IOException {
    StatisticsFile written =
        statistics(new double[][] {{1, 2}, {3, 5}, {2, 2}}, new double[][] {{1}, {4}, {2}});
    String path = scheme + folder.resolve("new folder/\u00e9.npz");
    written.write(path);
    assertThat(StatisticsFile.read(path)).isEqualTo(written);
    byte[] bytes = Files.readAllBytes(folder.resolve("new folder/\u00e9.npz"));
    written.write(path);
    assertThat(folder.resolve("new folder/\u00e9.npz")).hasBinaryContent(bytes);
    assertThat(folder.resolve("new folder")).isDirectoryNotContaining("glob:**.tmp");
    StatisticsFile unknown =
        new StatisticsFile(
            written.features(), Optional.empty(), Optional.empty(), 0, Origin.UNKNOWN);
    unknown.write(path);
    assertThat(StatisticsFile.read(path)).isEqualTo(unknown);
  }

  @Test
  void writesWhatNumpyReads() throws IOException, InterruptedException {
    Path file = folder.resolve("ours.npz");
    statistics(new double[][] {{1, 2}, {3, 5}, {2, 2}}, new double[][] {{1}, {4}, {2}})
        .write(file.toString());
    String program =
        """
        f = np.load('%s')
        x = np.array([[1, 2], [3, 5], [2, 2.]])
        assert np.allclose(f['mu'], x.mean(0), rtol=1e-15)
        assert np.allclose(f['sigma'], np.cov(x, rowvar=False), rtol=1e-15)
        assert f['mu_s'].shape == (1,) and f['sigma_s'].shape == (1, 1)
        assert int(f['n']) == 3 and int(f['ddof']) == 1 and int(f['gridscape_format']) == 1
        assert str(f['protocol']) == 'clean' and str(f['extractor_sha256']) == 'ab'
        """
            .formatted(file);
    NumpyProgram.run(program);
  }

  @Test
  void acceptsWhatIsUnknownWithAWarning() throws IOException {
    StatisticsFile whole = golden("whole.npz");
    assertThat(whole.requireComparable("whole.npz", SMALL))
        .containsExactly(
            "whole.npz does not name its extractor, extractor_sha256, protocol: whether it may be compared with the request is unknown");
    StatisticsFile first = golden("first.npz");
    assertThat(first.requireComparable("first.npz", golden("second.npz"), "second.npz"))
        .containsExactly(
            "first.npz does not name its extractor_sha256: whether it may be compared with second.npz is unknown",
            "ddof of first.npz is 1, of second.npz 0: covariances are normalised differently");
    assertThat(golden("second.npz").requireComparable("second.npz", SMALL)).isEmpty();
    assertThat(whole.requireComparable("a", golden("floats.npz"), "b"))
        .hasSize(2)
        .last()
        .asString()
        .startsWith("b does not name its extractor");
  }

  @Test
  void refusesWhatContradicts() throws IOException {
    StatisticsFile second = golden("second.npz");
    for (Object[] contradiction :
        new Object[][] {
          {
            new ExtractorIdentity("large", "ab", "clean", 5, 0, 0),
            "extractor of second.npz is small, of the request large"
          },
          {
            new ExtractorIdentity("small", "", "clean", 5, 0, 0),
            "extractor_sha256 of second.npz is ab, of the request none"
          },
          {
            new ExtractorIdentity("small", "ab", "tf-legacy", 5, 0, 0),
            "protocol of second.npz is clean, of the request tf-legacy"
          },
          {
            new ExtractorIdentity("small", "ab", "clean", 6, 0, 0),
            "second.npz has 5 features, the request 6"
          }
        }) {
      assertThatThrownBy(
              () -> second.requireComparable("second.npz", (ExtractorIdentity) contradiction[0]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Invalid statistics: " + contradiction[1] + " (must be equal)");
    }
    StatisticsFile other =
        new StatisticsFile(
            second.features(),
            Optional.empty(),
            Optional.of(9L),
            1,
            Origin.of(new ExtractorIdentity("small", "ab", "tf-legacy", 5, 0, 0), "d", "now"));
    assertThatThrownBy(() -> second.merge("a.npz", other, "b.npz"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid statistics: protocol of a.npz is clean, of b.npz tf-legacy (must be equal)");
    assertThatThrownBy(() -> second.merge("a.npz", golden("whole.npz"), "whole.npz"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid n of whole.npz: unknown (must be known)");
  }

  @Test
  void refusesContentThatBreaksARule() throws IOException {
    double[] mu = {1, 2};
    double[] sigma = {2, 1, 1, 3};
    refuses(Map.of("arr_0", NpyArray.of(1)), "it holds [arr_0] (must hold mu and sigma)");
    refuses(
        arrays(NpyArray.of(new double[] {1, 2}, 1, 2), NpyArray.of(sigma, 2, 2)),
        "Invalid mu: shape [1, 2] (must be one axis, not empty)");
    refuses(
        arrays(NpyArray.of(new double[3], 3), NpyArray.of(sigma, 2, 2)),
        "Invalid sigma: shape [2, 2] (must be [3, 3], as mu has it)");
    refuses(
        arrays(NpyArray.of(new double[] {1, Double.NaN}, 2), NpyArray.of(sigma, 2, 2)),
        "mu, sigma: Invalid mean: NaN at 1 (must be finite)");
    refuses(
        arrays(
            NpyArray.of(mu, 2),
            NpyArray.of(new double[] {2, Double.POSITIVE_INFINITY, 1, 3}, 2, 2)),
        "mu, sigma: Invalid covariance: Infinity at 1 (must be finite)");
    refuses(
        arrays(NpyArray.of(mu, 2), NpyArray.of(new double[] {2, 1, 1.5, 3}, 2, 2)),
        "mu, sigma: Invalid covariance: 1.0 at (0, 1), 1.5 at (1, 0) (must be equal to 3.0E-6)");
    refuses(
        arrays(NpyArray.of(mu, 2), NpyArray.of(new double[] {2, 1, 1, -3}, 2, 2)),
        "mu, sigma: Invalid variance: -3.0 of feature 1 (must be >= 0)");
    refuses(with("ddof", NpyArray.of(2)), "Invalid ddof: 2 (must be 0 or 1)");
    refuses(with("n", NpyArray.of(1)), "Invalid n: 1 (must be >= 2 with ddof 1)");
    refuses(with("n", NpyArray.of(new double[] {2.5})), "Invalid n: 2.5 (must be a whole number)");
    refuses(with("n", NpyArray.of("many")), "Invalid n: [] of <U4 (must be a whole number)");
    refuses(
        with("protocol", NpyArray.of(3)),
        "protocol: Invalid array: [] of <i8 (must be a single text)");
    refuses(with("gridscape_format", NpyArray.of(2)), "Invalid gridscape_format: 2 (must be 1)");
    refuses(
        with("mu_s", NpyArray.of(mu, 2)),
        "it holds [mu, sigma, mu_s] (must hold mu_s and sigma_s)");
  }

  @Test
  void toleratesRounding() throws IOException {
    Map<String, NpyArray> arrays =
        arrays(
            NpyArray.of(new double[2], 2),
            NpyArray.of(new double[] {2, 1, 1 + 1e-9, -1e-12}, 2, 2));
    StatisticsFile read = StatisticsFile.read(write(arrays));
    assertThat(read.features().covariance()[1]).isEqualTo(1 + 5e-10, within(1e-15));
  }

  @Test
  void saysWhichFileIsMissingOrDamaged() throws IOException {
    String missing = folder.resolve("absent.npz").toString();
    assertThatThrownBy(() -> StatisticsFile.read(missing))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot read statistics: %s: no such file", missing);
    Path damaged = Files.write(folder.resolve("damaged.npz"), new byte[50]);
    assertThatThrownBy(() -> StatisticsFile.read(damaged.toString()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot open npz file: " + damaged + ": ");
  }

  private void refuses(Map<String, NpyArray> arrays, String reason) throws IOException {
    String path = write(arrays);
    assertThatThrownBy(() -> StatisticsFile.read(path))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot read statistics: %s: %s", path, reason);
  }

  private String write(Map<String, NpyArray> arrays) throws IOException {
    Path file = folder.resolve("x.npz");
    try (OutputStream out = Files.newOutputStream(file)) {
      NpzFile.write(out, arrays, NpzFile.Packing.DEFLATED);
    }
    return file.toString();
  }

  private static Map<String, NpyArray> arrays(NpyArray mu, NpyArray sigma) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("mu", mu);
    arrays.put("sigma", sigma);
    return arrays;
  }

  private static Map<String, NpyArray> with(String key, NpyArray value) {
    Map<String, NpyArray> arrays =
        arrays(NpyArray.of(new double[] {1, 2}, 2), NpyArray.of(new double[] {2, 1, 1, 3}, 2, 2));
    arrays.put(key, value);
    return arrays;
  }

  private static StatisticsFile statistics(double[][] rows, double[][] layer) {
    return StatisticsFile.of(
        moments(rows),
        Optional.of(moments(layer)),
        Origin.of(new ExtractorIdentity("small", "ab", "clean", 2, 0, 1), "made up", "2026"));
  }

  private static FeatureMoments moments(double[][] rows) {
    float[] values = new float[rows.length * rows[0].length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) rows[i / rows[0].length][i % rows[0].length];
    }
    return FeatureMoments.of(new FeatureRows(rows[0].length, values));
  }

  private static void assertThatClose(Gaussian found, Gaussian expected, double tolerance) {
    double scale = Arrays.stream(expected.covariance()).map(Math::abs).max().orElseThrow();
    assertThat(found.mean()).containsExactly(expected.mean(), within(tolerance * scale));
    assertThat(found.covariance())
        .containsExactly(expected.covariance(), within(tolerance * scale));
  }

  private StatisticsFile golden(String name) throws IOException {
    try (InputStream in = StatisticsFileTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no resource " + name);
      }
      Path copy = Files.write(folder.resolve(name), in.readAllBytes());
      return StatisticsFile.read(copy.toString());
    }
  }
}
