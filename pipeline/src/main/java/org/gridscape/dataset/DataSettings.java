package org.gridscape.dataset;

import java.io.IOException;
import java.io.Serializable;
import java.util.SortedMap;
import java.util.TreeMap;
import org.gridscape.image.ImageFit;
import org.gridscape.image.ImageFitting;
import org.gridscape.image.ImageShape;

/**
 * What to prepare, and how.
 *
 * @param source an embedded set or a path, see {@link org.gridscape.image.ImageSource#of}
 * @param target folder of the data set, any Hadoop path
 * @param shards files of the training split, at least 1; belongs to the data set, not to the
 *     cluster
 * @param heldOut share of the images kept out of training, in [0, 1)
 * @param shape shape of the prepared images
 * @param fit what happens to images of another size
 * @param background grey level behind transparent pixels and in padded borders, 0 to 255
 * @param maxRejected share of the images that may be damaged, in [0, 1]
 * @param seed of the order of the images
 */
public record DataSettings(
    String source,
    String target,
    int shards,
    double heldOut,
    ImageShape shape,
    ImageFit fit,
    int background,
    double maxRejected,
    long seed)
    implements Serializable {

  /** Rejects settings that no data set can have. */
  public DataSettings {
    require(!source.isBlank(), "data source", "blank", "a name or a path");
    require(!target.isBlank(), "data target", "blank", "a folder");
    require(shards >= 1, "shards", shards, ">= 1");
    require(heldOut >= 0 && heldOut < 1, "held-out share", heldOut, "in [0, 1)");
    require(background >= 0 && background <= 255, "background", background, "0 to 255");
    require(maxRejected >= 0 && maxRejected <= 1, "rejected share", maxRejected, "in [0, 1]");
  }

  /**
   * The same with the full path of the target, which means the same on every executor.
   *
   * @throws DataException if no file system serves the path
   */
  public DataSettings located() {
    try {
      String full = DataFolder.at(target).toString();
      return new DataSettings(
          source, full, shards, heldOut, shape, fit, background, maxRejected, seed);
    } catch (IOException e) {
      throw new DataException("Cannot use data target %s: %s".formatted(target, e.getMessage()), e);
    }
  }

  /** How images are brought to {@link #shape}. */
  public ImageFitting fitting() {
    return new ImageFitting(shape, fit, background);
  }

  /** Every setting but the target, by name: what makes two data sets the same. */
  public SortedMap<String, String> named() {
    SortedMap<String, String> named = new TreeMap<>();
    named.put("source", source);
    named.put("shards", Integer.toString(shards));
    named.put("heldOut", Double.toString(heldOut));
    named.put("channels", Integer.toString(shape.channels()));
    named.put("side", Integer.toString(shape.side()));
    named.put("fit", fit.toString());
    named.put("background", Integer.toString(background));
    named.put("maxRejected", Double.toString(maxRejected));
    named.put("seed", Long.toString(seed));
    return named;
  }

  private static void require(boolean holds, String thing, Object value, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be %s)".formatted(thing, value, rule));
    }
  }
}
