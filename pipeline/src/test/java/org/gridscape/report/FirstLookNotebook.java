package org.gridscape.report;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the notebook stands, seen from the folder of the module or of the project. */
final class FirstLookNotebook {
  private FirstLookNotebook() {}

  static Path path() {
    Path fromModule = Path.of("../notebooks/first-look.ipynb");
    return Files.exists(fromModule) ? fromModule : Path.of("notebooks/first-look.ipynb");
  }
}
