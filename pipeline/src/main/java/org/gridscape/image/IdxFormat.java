package org.gridscape.image;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * The IDX format of MNIST and its successors: a magic number, the sizes, then unsigned bytes; all
 * numbers big-endian.
 */
final class IdxFormat {
  private static final int IMAGES = 0x00000803;
  private static final int LABELS = 0x00000801;
  private static final int LARGEST_SIDE = 1 << 14;

  private IdxFormat() {}

  /** The sizes of a file of images. */
  record Header(int count, int height, int width) {}

  /** A stream of the content: unpacked where it begins like a gzip file. */
  static DataInputStream unpacked(InputStream stream) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(stream, 1 << 16);
    buffered.mark(2);
    boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
    buffered.reset();
    return new DataInputStream(
        gzip ? new BufferedInputStream(new GZIPInputStream(buffered), 1 << 16) : buffered);
  }

  /** Reads the header of a file of images. */
  static Header header(DataInputStream in, String location) throws IOException {
    try {
      requireMagic(in.readInt(), IMAGES, "images", location);
      Header header = new Header(in.readInt(), in.readInt(), in.readInt());
      if (header.count() < 0 || !isSide(header.height()) || !isSide(header.width())) {
        throw new IOException(
            "Cannot read IDX images: %s: %d images of %dx%d (sides must be 1 to %d)"
                .formatted(
                    location, header.count(), header.height(), header.width(), LARGEST_SIDE));
      }
      return header;
    } catch (EOFException e) {
      throw new IOException(
          "Cannot read IDX images: %s: ends in its header".formatted(location), e);
    }
  }

  /** Reads a whole file of labels, which must be {@code count}. */
  static byte[] labels(DataInputStream in, int count, String location) throws IOException {
    try {
      requireMagic(in.readInt(), LABELS, "labels", location);
      int stated = in.readInt();
      byte[] labels = in.readNBytes(count);
      if (stated != count || labels.length != count) {
        throw new IOException(
            "Cannot read IDX labels: %s: %d labels stated, %d found (must be %d, one an image)"
                .formatted(location, stated, labels.length, count));
      }
      return labels;
    } catch (EOFException e) {
      throw new IOException(
          "Cannot read IDX labels: %s: ends in its header".formatted(location), e);
    }
  }

  private static boolean isSide(int side) {
    return side >= 1 && side <= LARGEST_SIDE;
  }

  private static void requireMagic(int magic, int expected, String what, String location)
      throws IOException {
    if (magic != expected) {
      throw new IOException(
          "Cannot read IDX %s: %s: begins with 0x%08x (must be 0x%08x, or a gzip file of that)"
              .formatted(what, location, magic, expected));
    }
  }
}
