package org.gridscape.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.gridscape.dataset.DataException;
import org.gridscape.features.Raster;
import org.gridscape.image.FolderSource;
import org.gridscape.image.ImageSource;

/**
 * The images of a folder, archive or file as they are, of any sizes. Every one counts: an image
 * that cannot be decoded ends the evaluation.
 */
public final class SourceImages implements ImageSet {
  private static final List<String> LOSSY = List.of(".jpg", ".jpeg", ".webp");

  private final String path;
  private final ImageSource source;
  private final List<String> names;
  private final String fingerprint;

  private SourceImages(String path, ImageSource source, List<String> names) throws IOException {
    this.path = path;
    this.source = source;
    this.names = names;
    fingerprint = fingerprint(path, source, names);
  }

  /**
   * The images at a path or of an embedded set.
   *
   * @throws DataException if there are none or the source cannot be read
   */
  public static SourceImages of(String path) {
    try {
      ImageSource source = ImageSource.of(path);
      List<String> names = source.names();
      if (names.isEmpty()) {
        throw new DataException("Cannot evaluate %s: no images".formatted(path));
      }
      return new SourceImages(path, source, names);
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException("Cannot evaluate %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  @Override
  public String name() {
    return path;
  }

  /** Source and names, length and time of change of each file, as they were found. */
  @Override
  public String fingerprint() {
    return fingerprint;
  }

  private static String fingerprint(String path, ImageSource source, List<String> names)
      throws IOException {
    MessageDigest digest = DigestUtils.getSha256Digest();
    DigestUtils.updateDigest(digest, source.toString());
    Path root = Path.of(path);
    if (Files.isRegularFile(root)) {
      DigestUtils.updateDigest(digest, state(root));
    }
    for (String name : names) {
      DigestUtils.updateDigest(digest, "\n" + name);
      if (source instanceof FolderSource) {
        DigestUtils.updateDigest(digest, state(root.resolve(name)));
      }
    }
    return Hex.encodeHexString(digest.digest());
  }

  /** What changes when a file is written. */
  private static String state(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return " %d %s".formatted(attributes.size(), attributes.lastModifiedTime());
  }

  @Override
  public int count() {
    return names.size();
  }

  @Override
  public List<Piece> cut(int pieces) {
    int cut = Math.min(pieces, count());
    return IntStream.range(0, cut)
        .<Piece>mapToObj(
            piece -> {
              int[] numbers = ImageSet.spread(count(), cut, piece);
              return new Part(
                  path, source, numbers, Arrays.stream(numbers).mapToObj(names::get).toList());
            })
        .toList();
  }

  @Override
  public List<String> warnings() {
    long lossy = names.stream().filter(SourceImages::isLossy).count();
    return lossy == 0
        ? List.of()
        : List.of(
            "%d of %d images of %s are in a lossy format, which changes distances"
                .formatted(lossy, count(), path));
  }

  private static boolean isLossy(String name) {
    return LOSSY.stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith);
  }

  /** Some of the images, by their names. */
  private record Part(String path, ImageSource source, int[] numbers, List<String> names)
      implements Piece {

    @Override
    public void read(RasterSink sink) {
      try (ImageSource.Reader reader = source.open()) {
        for (String name : names) {
          sink.add(image(reader, name));
        }
      } catch (IOException e) {
        throw new DataException("Cannot evaluate %s: %s".formatted(path, e.getMessage()), e);
      }
    }

    private Raster image(ImageSource.Reader reader, String name) {
      try {
        return Raster.ofOpaque(reader.read(name).pixels());
      } catch (IOException e) {
        throw new DataException(
            "Cannot evaluate %s: image %s: %s".formatted(path, name, e.getMessage()), e);
      }
    }
  }
}
