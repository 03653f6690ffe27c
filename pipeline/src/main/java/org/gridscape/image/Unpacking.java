package org.gridscape.image;

import java.io.Closeable;
import java.io.IOException;
import org.gridscape.storage.LocalBytes;
import org.gridscape.storage.ScratchFolders;

/** Scratch space to which the images of a source are written, one after the other. */
final class Unpacking implements Closeable {
  private final LocalBytes bytes;
  private final LocalBytes.Appender appender;
  private boolean finished;

  /** Scratch space for the source of that path. */
  Unpacking(String path) throws IOException {
    bytes = LocalBytes.scratch(ScratchFolders.of(path));
    appender = bytes.new Appender(0);
  }

  /** Writes an image. */
  ImagePlace add(byte[] image, int label) throws IOException {
    long position = appender.end();
    appender.append(image);
    return new ImagePlace(position, image.length, label);
  }

  /** All that was written, which is the caller's to close. */
  LocalBytes finish() throws IOException {
    appender.flush();
    finished = true;
    return bytes;
  }

  /** Frees the space, unless all was written. */
  @Override
  public void close() {
    if (!finished) {
      bytes.close();
    }
  }
}
