package org.gridscape.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Supplier;
import org.gridscape.dataset.DataException;
import org.gridscape.evaluate.Origin;
import org.gridscape.evaluate.StatisticsFile;

/** Statistics files of the command line. */
final class StatisticsFiles {
  private StatisticsFiles() {}

  /** Whether a path is that of a statistics file, which has the key mu. */
  static boolean isOne(String path) {
    if (!path.toLowerCase(Locale.ROOT).endsWith(".npz")) {
      return false;
    }
    try {
      return StatisticsFile.isAt(path);
    } catch (IOException e) {
      throw new DataException(String.valueOf(e.getMessage()), new FileNotFoundException(path));
    }
  }

  /** In words. */
  static String describe(StatisticsFile file) {
    Origin origin = file.origin();
    return "%s images, %d features%s, extractor %s, protocol %s"
        .formatted(
            file.n().map(String::valueOf).orElse("unknown number of"),
            file.features().dimension(),
            file.spatial()
                .map(layer -> " and %d spatial ones".formatted(layer.dimension()))
                .orElse(""),
            origin.extractor().orElse("unknown"),
            origin.protocol().map(name -> name.isEmpty() ? "none" : name).orElse("unknown"));
  }

  /** For other programs; what is unknown is left out. */
  static ObjectNode json(StatisticsFile file) {
    ObjectNode json = RunFolder.JSON.createObjectNode();
    file.n().ifPresent(n -> json.put("n", n));
    json.put("dimension", file.features().dimension());
    file.spatial().ifPresent(layer -> json.put("spatial_dimension", layer.dimension()));
    json.put("trace", file.features().trace());
    json.put("ddof", file.ddof());
    Origin origin = file.origin();
    origin.extractor().ifPresent(text -> json.put("extractor", text));
    origin.extractorSha256().ifPresent(text -> json.put("extractor_sha256", text));
    origin.protocol().ifPresent(text -> json.put("protocol", text));
    origin.dataset().ifPresent(text -> json.put("dataset", text));
    origin.created().ifPresent(text -> json.put("created", text));
    return json;
  }

  /**
   * Reads one.
   *
   * @throws DataException if it is missing or not one
   */
  static StatisticsFile read(String path) {
    try {
      return StatisticsFile.read(path);
    } catch (IOException e) {
      throw new DataException(String.valueOf(e.getMessage()), new FileNotFoundException(path));
    }
  }

  /**
   * What {@code work} says of files.
   *
   * @throws DataException if they contradict each other
   */
  static <T> T checked(Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException e) {
      throw new DataException(String.valueOf(e.getMessage()), e);
    }
  }
}
