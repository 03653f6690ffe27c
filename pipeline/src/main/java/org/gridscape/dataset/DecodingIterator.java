package org.gridscape.dataset;

import java.io.IOException;
import java.util.Iterator;
import org.gridscape.image.FolderClasses;
import org.gridscape.image.ImageFitting;
import org.gridscape.image.ImageSource;
import org.gridscape.image.SourceImage;

/** Decodes and fits the images of one partition, one at a time. Runs on executors. */
final class DecodingIterator implements Iterator<PreparedImage> {
  private final ImageSource.Reader source;
  private final Iterator<String> names;
  private final ImageFitting fitting;
  private final FolderClasses classes;

  /**
   * An iterator over the images of these names.
   *
   * @param source open; closed by the caller
   * @param classes of the images that the source gives no label
   */
  DecodingIterator(
      ImageSource.Reader source,
      Iterator<String> names,
      ImageFitting fitting,
      FolderClasses classes) {
    this.source = source;
    this.names = names;
    this.fitting = fitting;
    this.classes = classes;
  }

  @Override
  public boolean hasNext() {
    return names.hasNext();
  }

  @Override
  public PreparedImage next() {
    String id = names.next();
    try {
      SourceImage image = source.read(id);
      int label = image.label() < 0 ? classes.label(id) : image.label();
      return new PreparedImage.Accepted(id, label, fitting.apply(image.pixels()));
    } catch (IOException | RuntimeException e) {
      // One bad image is counted and listed; it must not end the job.
      String reason = e.getMessage();
      return new PreparedImage.Rejected(id, reason == null ? e.getClass().getSimpleName() : reason);
    }
  }
}
