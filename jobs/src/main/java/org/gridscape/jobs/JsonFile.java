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
