package org.gridscape.jobs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.function.Supplier;
import org.gridscape.dataset.DataException;
import org.gridscape.evaluate.StatisticsFile;

/** Statistics files of the command line. */
final class StatisticsFiles {
  private StatisticsFiles() {}

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
