package org.gridscape.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;

/**
 * The table of contents of a data set, stored as {@code manifest.json}.
 *
 * @param formatVersion {@link #FORMAT_VERSION}
 * @param settings what the data set was made with, see {@link DataSettings#named}
 * @param shape shape of every image
 * @param classes names of the classes where folders name them, ascending; a label is an index into
 *     them; else empty, though images may have labels
 * @param shards the files, training first, each split in its order
 * @param means mean of each channel over the training split, 0 to 255
 * @param deviations standard deviation of each channel over the pixels of the training split
 * @param colourTable the file of 1x1 colours
 * @param sourceCount images named by the source, the rejected ones included
 * @param rejects the images that could not be used, ascending by id
 * @param fingerprint SHA-256 over the SHA-256 of each image (id in UTF-8, a zero byte, its pixels),
 *     training split first, in order; independent of the number of shards
 */
public record Manifest(
    int formatVersion,
    SortedMap<String, String> settings,
    ImageShape shape,
    List<String> classes,
    List<Shard> shards,
    List<Double> means,
    List<Double> deviations,
    ColourTable colourTable,
    int sourceCount,
    List<Reject> rejects,
    String fingerprint)
    implements Serializable {

  /** The version that this code writes and reads. */
  public static final int FORMAT_VERSION = 1;

  /** Name of the training split. */
  public static final String TRAIN = "train";

  /** Name of the held-out split. */
  public static final String HELD_OUT = "heldout";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Copies the lists. */
  public Manifest {
    settings = new TreeMap<>(settings);
    classes = List.copyOf(classes);
    shards = List.copyOf(shards);
    means = List.copyOf(means);
    deviations = List.copyOf(deviations);
    rejects = List.copyOf(rejects);
  }

  /**
   * One file of images.
   *
   * @param file its name in the folder
   * @param split {@link #TRAIN} or {@link #HELD_OUT}
   * @param rows images in it
   * @param bytes its length
   * @param sha256 of its bytes, hexadecimal
   */
  public record Shard(String file, String split, int rows, long bytes, String sha256)
      implements Serializable {}

  /**
   * The file of the mean colours of the training images, in shard order: channels x rows
   * little-endian floats, the channels of an image together.
   *
   * @param file its name in the folder
   * @param rows one a training image
   * @param bytes its length
   * @param sha256 of its bytes, hexadecimal
   */
  public record ColourTable(String file, int rows, long bytes, String sha256)
      implements Serializable {}

  /**
   * An image that could not be used.
   *
   * @param id its name in the source
   * @param reason why not
   */
  public record Reject(String id, String reason) implements Serializable {}

  /**
   * Reads the manifest of a prepared data set.
   *
   * @param folder any Hadoop path
   * @throws DataException if there is none, or it cannot be understood
   */
  public static Manifest read(String folder) {
    try {
      DataFolder data = DataFolder.at(folder);
      if (!data.prepared()) {
        throw new DataException(
            "Cannot find a prepared data set: %s is missing (make it with: gridscape prepare)"
                .formatted(data.file(DataFolder.MANIFEST)));
      }
      try (InputStream in = data.open(DataFolder.MANIFEST)) {
        return parse(JSON.readTree(in));
      }
    } catch (IOException e) {
      throw new DataException("Cannot read manifest: %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static Manifest parse(JsonNode json) throws IOException {
    int version = json.path("formatVersion").asInt();
    if (version != FORMAT_VERSION) {
      throw new IOException(
          "Invalid format version: %d (must be %d)".formatted(version, FORMAT_VERSION));
    }
    if (json instanceof ObjectNode fields && !fields.has("classes")) {
      // Written before there were classes by folder.
      fields.putArray("classes");
    }
    return JSON.treeToValue(json, Manifest.class);
  }

  /** The manifest as JSON, indented, the same bytes for equal manifests. */
  byte[] toJson() throws IOException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
  }

  /**
   * Checks that this is the data set that settings describe.
   *
   * @throws ChangedSettingsException naming each setting that differs
   */
  public void requireMadeWith(DataSettings wanted) {
    if (!settings.equals(wanted.named())) {
      throw new ChangedSettingsException(wanted.target(), settings, wanted.named());
    }
  }

  /** The files of the training split, in order. */
  public List<Shard> trainShards() {
    return ofSplit(TRAIN);
  }

  /** The files of the held-out split, in order. */
  public List<Shard> heldOutShards() {
    return ofSplit(HELD_OUT);
  }

  private List<Shard> ofSplit(String split) {
    return shards.stream().filter(shard -> shard.split().equals(split)).toList();
  }

  /** Images of the training split. */
  public int trainCount() {
    return trainShards().stream().mapToInt(Shard::rows).sum();
  }

  /** Images of the held-out split. */
  public int heldOutCount() {
    return heldOutShards().stream().mapToInt(Shard::rows).sum();
  }

  /**
   * The training images at 1x1, in shard order, as floats in [0, 255]: the empirical distribution
   * of minimal images, from which new images start.
   *
   * @param folder the data set's folder
   * @throws DataException if the file is missing or damaged
   */
  public ImageBatch colours(String folder) {
    byte[] bytes = readColours(folder);
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return new ImageBatch(shape.withSide(1), colourTable.rows(), values);
  }

  private byte[] readColours(String folder) {
    String name = colourTable.file();
    try (InputStream in = DataFolder.at(folder).open(name)) {
      byte[] bytes = in.readAllBytes();
      String found = Digest.hex(Digest.updated(bytes));
      if (!found.equals(colourTable.sha256())) {
        throw new DataException(
            "Cannot read colours: %s in %s: SHA-256 is %s (must be %s)"
                .formatted(name, folder, found, colourTable.sha256()));
      }
      return bytes;
    } catch (IOException e) {
      throw new DataException(
          "Cannot read colours: %s in %s: %s".formatted(name, folder, e.getMessage()), e);
    }
  }
}
