package org.gridscape.energy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Classes that another process loaded, from the log that {@code -Xlog:class+load} makes it write.
 */
public final class ClassLog {
  private ClassLog() {}

  /** Names of the loaded classes of this project, ND4J and DL4J. */
  public static List<String> read(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .filter(line -> line.contains(" source: "))
          .map(line -> line.substring(0, line.indexOf(" source: ")))
          .map(line -> line.substring(line.lastIndexOf(' ') + 1))
          .filter(name -> name.startsWith("org.gridscape.") || isOfNd4j(name))
          .toList();
    }
  }

  /** Whether a class of that name belongs to ND4J or DL4J. */
  public static boolean isOfNd4j(String name) {
    return name.startsWith("org.nd4j.") || name.startsWith("org.deeplearning4j.");
  }
}
