package org.gridscape.image;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * A file of IDX images and, where there is one, its file of labels, wherever they lie.
 *
 * @param images location of the images
 * @param labels location of the labels
 * @param opener how a location is opened
 */
record IdxFiles(String images, Optional<String> labels, Opener opener) {

  /** Opens a location as a stream of bytes. */
  interface Opener {
    InputStream open(String location) throws IOException;
  }

  /** The zero-padded indices, at least five digits. */
  List<String> names() throws IOException {
    try (DataInputStream in = IdxFormat.unpacked(opener.open(images))) {
      return List.copyOf(new NumberNames(IdxFormat.header(in, images).count()));
    }
  }

  /** Opens the images and reads the labels. */
  ImageSource.Reader open() throws IOException {
    DataInputStream in = IdxFormat.unpacked(opener.open(images));
    IdxFormat.Header header = IdxFormat.header(in, images);
    return new Cursor(in, header, readLabels(header.count()));
  }

  private byte[] readLabels(int count) throws IOException {
    if (labels.isEmpty()) {
      return new byte[0];
    }
    try (DataInputStream in = IdxFormat.unpacked(opener.open(labels.get()))) {
      return IdxFormat.labels(in, count, labels.get());
    }
  }

  /** Reads forward through the images; going back opens the file once more. */
  private final class Cursor implements ImageSource.Reader {
    private DataInputStream in;
    private final IdxFormat.Header header;
    private final byte[] labels;
    private int position;

    Cursor(DataInputStream in, IdxFormat.Header header, byte[] labels) {
      this.in = in;
      this.header = header;
      this.labels = labels;
    }

    @Override
    public SourceImage read(String name) throws IOException {
      int index = Integer.parseInt(name);
      byte[] pixels = new byte[header.height() * header.width()];
      try {
        moveTo(index, pixels.length);
        in.readFully(pixels);
        position++;
      } catch (EOFException e) {
        throw new IOException("Cannot read image %s: %s ends before it".formatted(name, images), e);
      }
      int label = labels.length == 0 ? -1 : labels[index] & 0xff;
      return new SourceImage(BytePixels.grey(header.height(), header.width(), pixels), label);
    }

    private void moveTo(int index, int size) throws IOException {
      if (index < position) {
        in.close();
        in = IdxFormat.unpacked(opener.open(images));
        IdxFormat.header(in, images);
        position = 0;
      }
      in.skipNBytes((long) (index - position) * size);
      position = index;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
