package org.gridscape.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.gridscape.storage.LocalBytes;
import org.gridscape.storage.Patience;
import org.gridscape.storage.ScratchFolders;

/**
 * Scratch space to which the images of a source are written, one after the other. What the local
 * disk refuses is an {@link IOException} that names source and folder.
 */
final class Unpacking implements Closeable {
  private final String source;
  private final Path folder;
  private final LocalBytes bytes;
  private final LocalBytes.Appender appender;
  private boolean finished;

  /** Scratch space for the source of that path. */
  Unpacking(String source) throws IOException {
    this.source = source;
    folder = ScratchFolders.of(source);
    try {
      bytes = LocalBytes.scratch(folder);
    } catch (IOException e) {
      throw refusal(e);
    }
    appender = bytes.new Appender(0);
  }

  /** Writes an image. */
  ImagePlace add(byte[] image, int label) throws IOException {
    long position = appender.end();
    try {
      appender.append(image);
    } catch (IOException e) {
      throw refusal(e);
    }
    return new ImagePlace(position, image.length, label);
  }

  /** All that was written, which is the caller's to close. */
  LocalBytes finish() throws IOException {
    try {
      appender.flush();
    } catch (IOException e) {
      throw refusal(e);
    }
    finished = true;
    return bytes;
  }

  private IOException refusal(IOException e) {
    return new IOException(
        "Cannot unpack %s to %s: %s".formatted(source, folder, Patience.reason(e)), e);
  }

  /** Frees the space, unless all was written. */
  @Override
  public void close() {
    if (!finished) {
      bytes.close();
    }
  }
}
