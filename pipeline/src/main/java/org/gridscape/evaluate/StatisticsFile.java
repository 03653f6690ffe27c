package org.gridscape.evaluate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.gridscape.features.ExtractorIdentity;
import org.gridscape.metrics.FeatureMoments;
import org.gridscape.metrics.Gaussian;
import org.gridscape.numpy.NpyArray;
import org.gridscape.numpy.NpzFile;
import org.gridscape.storage.Patience;
import org.gridscape.storage.StoreFolder;

/**
 * Mean and covariance of the features of a set of images, in a {@code .npz} file that the
 * community's tools read and write.
 *
 * <p>Keys: {@code mu} and {@code sigma}, as everywhere; {@code mu_s} and {@code sigma_s} of the
 * spatial layer, as in the reference batches of ADM; and, of our own, {@code n}, {@code ddof},
 * {@code extractor}, {@code extractor_sha256}, {@code protocol}, {@code dataset}, {@code created}
 * and {@code gridscape_format}. A file without one of these is read: n and origin are unknown then,
 * and ddof is 1, as {@code np.cov} has it. Lives on the driver.
 *
 * @param features of the images
 * @param spatial of the spatial layer, if there is one
 * @param n images, at least 1, if known
 * @param ddof 0 or 1: covariances are normalised by n - ddof
 * @param origin as far as it is known
 */
public record StatisticsFile(
    Gaussian features, Optional<Gaussian> spatial, Optional<Long> n, int ddof, Origin origin)
    implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int FORMAT = 1;

  /** Rejects a ddof and a count that no writer has. */
  public StatisticsFile {
    if (ddof != 0 && ddof != 1) {
      throw new IllegalArgumentException("Invalid ddof: " + ddof + " (must be 0 or 1)");
    }
    long least = ddof + 1L;
    n.filter(count -> count < least)
        .ifPresent(
            count -> {
              throw new IllegalArgumentException(
                  "Invalid n: %d (must be >= %d with ddof %d)".formatted(count, least, least - 1));
            });
    features = n.map(features::ofRows).orElse(features);
    spatial = spatial.map(layer -> n.map(layer::ofRows).orElse(layer));
  }

  /**
   * The statistics of rows of features, with ddof 1.
   *
   * @throws IllegalArgumentException if there are fewer than two rows, or the two are not of the
   *     same images
   */
  public static StatisticsFile of(
      FeatureMoments features, Optional<FeatureMoments> spatial, Origin origin) {
    spatial.ifPresent(
        moments -> {
          if (moments.n() != features.n()) {
            throw new IllegalArgumentException(
                "Invalid row counts: %d and %d (must be equal)"
                    .formatted(features.n(), moments.n()));
          }
        });
    return new StatisticsFile(
        Gaussian.of(features, 1),
        spatial.map(moments -> Gaussian.of(moments, 1)),
        Optional.of(features.n()),
        1,
        origin);
  }

  /**
   * Reads a file.
   *
   * @param path any Hadoop path
   * @throws IOException if there is none, or its content breaks a rule; the message names path,
   *     key, value and rule
   * @throws org.gridscape.storage.StoreException if its store does not answer
   */
  public static StatisticsFile read(String path) throws IOException {
    try (NpzFile npz = open(path)) {
      return read(npz);
    } catch (IllegalArgumentException e) {
      throw new IOException(refusal(path, String.valueOf(e.getMessage())), e);
    }
  }

  /**
   * Whether a {@code .npz} file holds statistics, and not images, say.
   *
   * @throws IOException if there is no such file, or it is no npz file
   */
  public static boolean isAt(String path) throws IOException {
    try (NpzFile npz = open(path)) {
      return npz.keys().contains("mu");
    }
  }

  /** A local file is not read as a whole: one of images may be larger than memory. */
  private static NpzFile open(String path) throws IOException {
    Path file = new Path(path);
    if (file.toUri().getScheme() == null && Files.isRegularFile(java.nio.file.Path.of(path))) {
      return NpzFile.open(java.nio.file.Path.of(path));
    }
    byte[] content =
        folder(file)
            .read(file.getName())
            .orElseThrow(() -> new IOException(refusal(path, "no such file")));
    return NpzFile.of(path, content);
  }

  private static String refusal(String path, String reason) {
    return "Cannot read statistics: %s: %s".formatted(path, reason);
  }

  private static StatisticsFile read(NpzFile npz) throws IOException {
    requireFormat(npz);
    Optional<Gaussian> spatial =
        npz.keys().contains("mu_s") || npz.keys().contains("sigma_s")
            ? Optional.of(gaussian(npz, "mu_s", "sigma_s"))
            : Optional.empty();
    return new StatisticsFile(
        gaussian(npz, "mu", "sigma"),
        spatial,
        whole(npz, "n"),
        whole(npz, "ddof").map(Math::toIntExact).orElse(1),
        new Origin(
            text(npz, "extractor"),
            text(npz, "extractor_sha256"),
            text(npz, "protocol"),
            text(npz, "dataset"),
            text(npz, "created")));
  }

  private static void requireFormat(NpzFile npz) throws IOException {
    long format = whole(npz, "gridscape_format").orElse((long) FORMAT);
    if (format != FORMAT) {
      throw new IllegalArgumentException(
          "Invalid gridscape_format: %d (must be %d)".formatted(format, FORMAT));
    }
  }

  private static Gaussian gaussian(NpzFile npz, String mean, String covariance) throws IOException {
    if (!npz.keys().containsAll(List.of(mean, covariance))) {
      throw new IllegalArgumentException(
          "it holds %s (must hold %s and %s)".formatted(npz.keys(), mean, covariance));
    }
    NpyArray mu = npz.read(mean);
    NpyArray sigma = npz.read(covariance);
    if (mu.shape().length != 1 || mu.size() < 1) {
      throw new IllegalArgumentException(
          "Invalid %s: shape %s (must be one axis, not empty)"
              .formatted(mean, Arrays.toString(mu.shape())));
    }
    int[] square = {mu.size(), mu.size()};
    if (!Arrays.equals(sigma.shape(), square)) {
      throw new IllegalArgumentException(
          "Invalid %s: shape %s (must be %s, as %s has it)"
              .formatted(
                  covariance, Arrays.toString(sigma.shape()), Arrays.toString(square), mean));
    }
    try {
      return Gaussian.checked(mu.doubles(), sigma.doubles());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s, %s: %s".formatted(mean, covariance, e.getMessage()), e);
    }
  }

  private static Optional<Long> whole(NpzFile npz, String key) throws IOException {
    Optional<NpyArray> found = npz.find(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    NpyArray array = found.get();
    double[] values = array.type().kind() == 'U' ? new double[0] : array.doubles();
    if (values.length != 1 || values[0] != Math.rint(values[0])) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be a whole number)"
              .formatted(key, values.length == 1 ? values[0] : array));
    }
    return Optional.of((long) values[0]);
  }

  private static Optional<String> text(NpzFile npz, String key) throws IOException {
    try {
      return npz.find(key).map(NpyArray::text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes a file: whole, or not there. Equal statistics give equal bytes.
   *
   * @param path any Hadoop path; a file that is there is replaced
   * @throws org.gridscape.storage.StoreException if its store refuses it
   */
  public void write(String path) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    put(arrays, features, "mu", "sigma");
    spatial.ifPresent(layer -> put(arrays, layer, "mu_s", "sigma_s"));
    n.ifPresent(count -> arrays.put("n", NpyArray.of(count)));
    arrays.put("ddof", NpyArray.of(ddof));
    origin.extractor().ifPresent(text -> arrays.put("extractor", NpyArray.of(text)));
    origin.extractorSha256().ifPresent(text -> arrays.put("extractor_sha256", NpyArray.of(text)));
    origin.protocol().ifPresent(text -> arrays.put("protocol", NpyArray.of(text)));
    origin.dataset().ifPresent(text -> arrays.put("dataset", NpyArray.of(text)));
    origin.created().ifPresent(text -> arrays.put("created", NpyArray.of(text)));
    arrays.put("gridscape_format", NpyArray.of(FORMAT));
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    try {
      // Sums of rounded numbers do not deflate.
      NpzFile.write(content, arrays, NpzFile.Packing.STORED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path file = new Path(path);
    folder(file).commit(file.getName(), content.toByteArray());
  }

  private static void put(
      Map<String, NpyArray> arrays, Gaussian gaussian, String mean, String covariance) {
    int d = gaussian.dimension();
    arrays.put(mean, NpyArray.of(gaussian.mean(), d));
    arrays.put(covariance, NpyArray.of(gaussian.covariance(), d, d));
  }

  /**
   * Mean and covariance of a layer, the covariance normalised by n - 1 where n is known.
   *
   * @param layer 0 for the features, 1 for the spatial layer
   */
  Gaussian gaussian(int layer) {
    Gaussian found = layer == 0 ? features : spatial.orElseThrow();
    return ddof == 1
        ? found
        : n.map(count -> Gaussian.of(found.moments(count, ddof), 1)).orElse(found);
  }

  private static StoreFolder folder(Path file) {
    Path parent = file.getParent();
    String folder = parent == null || parent.toString().isEmpty() ? "." : parent.toString();
    return StoreFolder.at(folder, Patience.NONE);
  }

  /**
   * The moments of the features.
   *
   * @throws IllegalArgumentException if n is unknown
   */
  public FeatureMoments moments() {
    return features.moments(requireN("these statistics"), ddof);
  }

  /**
   * The moments of the spatial layer, if there is one.
   *
   * @throws IllegalArgumentException if n is unknown
   */
  public Optional<FeatureMoments> spatialMoments() {
    return spatial.map(layer -> layer.moments(requireN("these statistics"), ddof));
  }

  private long requireN(String name) {
    return n.orElseThrow(
        () ->
            new IllegalArgumentException(
                "Invalid n of %s: unknown (must be known)".formatted(name)));
  }

  /**
   * Refuses statistics that must not be compared with these.
   *
   * @param name of these, for messages
   * @param otherName of the others
   * @return warnings about what is unknown
   * @throws IllegalArgumentException if dimension, extractor, weights or protocol are known to
   *     differ
   */
  public List<String> requireComparable(String name, StatisticsFile other, String otherName) {
    requireDimension(features.dimension(), name, other.features.dimension(), otherName);
    List<String> warnings =
        new ArrayList<>(origin.requireComparable(name, other.origin, otherName));
    if (ddof != other.ddof) {
      warnings.add(
          "ddof of %s is %d, of %s %d: covariances are normalised differently"
              .formatted(name, ddof, otherName, other.ddof));
    }
    return warnings;
  }

  /**
   * Refuses statistics that must not be compared with features that are asked for.
   *
   * @param name of these, for messages
   * @return warnings about what is unknown
   * @throws IllegalArgumentException if dimension, extractor, weights or protocol are known to
   *     differ
   */
  public List<String> requireComparable(String name, ExtractorIdentity asked) {
    String request = "the request";
    requireDimension(features.dimension(), name, asked.dimension(), request);
    List<String> warnings =
        new ArrayList<>(origin.requireComparable(name, Origin.of(asked, "", ""), request));
    if (ddof == 0 && n.isEmpty()) {
      warnings.add(
          "ddof of %s is 0 and n unknown: its covariance is too small by one in n".formatted(name));
    }
    return warnings;
  }

  private static void requireDimension(int mine, String name, int theirs, String otherName) {
    if (mine != theirs) {
      throw new IllegalArgumentException(
          "Invalid statistics: %s has %d features, %s %d (must be equal)"
              .formatted(name, mine, otherName, theirs));
    }
  }

  /**
   * The statistics of the images of both: those of all features together, up to rounding. The
   * spatial layer is among them if both have it; what only one knows of its origin is unknown.
   *
   * @param name of these, for messages
   * @param otherName of the others
   * @throws IllegalArgumentException if a count is unknown, or the two must not be compared
   */
  public StatisticsFile merge(String name, StatisticsFile other, String otherName) {
    requireComparable(name, other, otherName);
    long total = Math.addExact(requireN(name), other.requireN(otherName));
    int merged = ddof == other.ddof ? ddof : 1;
    Optional<Gaussian> layers =
        spatialMoments()
            .flatMap(mine -> other.spatialMoments().map(mine::merge))
            .map(moments -> Gaussian.of(moments, merged));
    return new StatisticsFile(
        Gaussian.of(moments().merge(other.moments()), merged),
        layers,
        Optional.of(total),
        merged,
        origin.merge(other.origin));
  }

  /** The same, created at another time. */
  public StatisticsFile createdAt(String time) {
    return new StatisticsFile(features, spatial, n, ddof, origin.createdAt(time));
  }
}
