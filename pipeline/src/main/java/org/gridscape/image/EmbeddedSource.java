package org.gridscape.image;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * A set of images that ships inside the library, with its licence.
 *
 * @param name one of {@link #NAMES}
 */
public record EmbeddedSource(String name) implements ImageSource {

  /** The embedded sets: {@code fashion-mnist-10k}, grey, 28x28, 10 classes. */
  public static final List<String> NAMES = List.of("fashion-mnist-10k");

  /** Rejects a name that is not embedded. */
  public EmbeddedSource {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "Invalid embedded set: " + name + " (must be one of " + NAMES + ")");
    }
  }

  @Override
  public List<String> names() throws IOException {
    return files().names();
  }

  @Override
  public Reader open() throws IOException {
    return files().open();
  }

  private IdxFiles files() {
    return new IdxFiles(
        name + "/t10k-images-idx3-ubyte.gz",
        Optional.of(name + "/t10k-labels-idx1-ubyte.gz"),
        EmbeddedSource::resource);
  }

  private static InputStream resource(String location) throws IOException {
    InputStream stream = EmbeddedSource.class.getResourceAsStream(location);
    if (stream == null) {
      throw new FileNotFoundException("Cannot find embedded images: " + location);
    }
    return stream;
  }
}
