package org.gridscape.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An IDX file of grey images, gzipped or not.
 *
 * <p>Labels are read from the file beside it whose name has {@code labels-idx1} for {@code
 * images-idx3}, if there is one.
 *
 * @param path the file of images
 */
public record IdxSource(String path) implements ImageSource {

  @Override
  public List<String> names() throws IOException {
    return files().names();
  }

  @Override
  public Reader open() throws IOException {
    return files().open();
  }

  private IdxFiles files() {
    return new IdxFiles(path, labels(), location -> Files.newInputStream(Path.of(location)));
  }

  private Optional<String> labels() {
    Path images = Path.of(path);
    String name = images.getFileName().toString().replace("images-idx3", "labels-idx1");
    Path labels = images.resolveSibling(name);
    return labels.equals(images) || !Files.isRegularFile(labels)
        ? Optional.empty()
        : Optional.of(labels.toString());
  }
}
