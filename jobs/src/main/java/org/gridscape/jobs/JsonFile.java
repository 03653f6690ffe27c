package org.gridscape.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Results for other programs. */
final class JsonFile {
  private JsonFile() {}

  /**
   * Finds out before any work whether a result can be written.
   *
   * @throws UncheckedIOException if it cannot
   */
  static void requireWritable(Optional<Path> file) {
    if (file.isEmpty()) {
      return;
    }
    Path folder = file.get().toAbsolutePath().getParent();
    try {
      Files.createDirectories(folder);
      if (Files.isDirectory(file.get()) || !Files.isWritable(folder)) {
        throw new IOException("no file can be written there");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file.get() + ": " + e.getMessage(), e);
    }
  }

  /** Writes a result where that is asked for. */
  static void write(Optional<Path> file, JsonNode result) {
    if (file.isEmpty()) {
      return;
    }
    try {
      Path path = file.get().toAbsolutePath();
      Files.createDirectories(path.getParent());
      Files.write(path, RunFolder.JSON.writeValueAsBytes(result));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file.get() + ": " + e.getMessage(), e);
    }
  }
}
