package org.gridscape.image;

import java.io.Closeable;
import java.io.IOException;
import org.gridscape.storage.LocalBytes;

/**
 * Images at their places in one file, which is the source itself or scratch space that it was
 * unpacked to. Any thread may read.
 *
 * @param index where each image lies
 * @param bytes of the file
 * @param form of an image in it
 * @param absent why an image without a place cannot be read
 */
record PackedImages(ImageIndex index, LocalBytes bytes, Form form, String absent)
    implements Closeable {

  /** How the bytes of an image become pixels. */
  interface Form {
    SourcePixels decode(byte[] bytes) throws IOException;
  }

  /** The image of that name. */
  SourceImage read(String name) throws IOException {
    ImagePlace place = index.place(name);
    if (place.length() < 0) {
      throw new IOException("Cannot read image: %s: %s".formatted(name, absent));
    }
    byte[] image = bytes.read(place.position(), place.length());
    return new SourceImage(form.decode(image), place.label());
  }

  @Override
  public void close() {
    bytes.close();
  }
}
