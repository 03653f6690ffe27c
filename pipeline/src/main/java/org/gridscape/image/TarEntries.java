package org.gridscape.image;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.gridscape.storage.LocalBytes;
import org.gridscape.storage.Patience;

/** Walks through the entries of a tar archive and finds the places of its images. */
final class TarEntries {
  private static final int MOST_LINKS = 16;
  private static final int RECORD = 512;
  private static final String ABSENT =
      "a link to no image of the archive, a sparse file, or one over 2 GiB";

  private final NavigableMap<String, ImagePlace> places = new TreeMap<>();
  private final Map<String, String> links = new HashMap<>();

  private TarEntries() {}

  /** Says where the content of the entry that was just met lies. */
  private interface Placing {
    ImagePlace place(TarArchiveEntry entry) throws IOException;
  }

  /** Indexes a plain archive by its headers. */
  static PackedImages index(String path) throws IOException {
    try (Skimmed file = new Skimmed(path);
        TarArchiveInputStream tar = new TarArchiveInputStream(file, "UTF-8")) {
      TarEntries entries = new TarEntries();
      entries.walk(
          path,
          tar,
          () -> file.position,
          entry -> {
            if (file.position + entry.getSize() > file.length) {
              throw new IOException(
                  "entry %s of %d bytes at %d (must end within %d)"
                      .formatted(entry.getName(), entry.getSize(), file.position, file.length));
            }
            return new ImagePlace(file.position, (int) entry.getSize(), -1);
          });
      return entries.images(LocalBytes.of(Path.of(path)));
    }
  }

  /** Unpacks the images of a gzipped archive. */
  static PackedImages unpack(String path) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(Path.of(path)), 1 << 16);
        Unpacking unpacking = new Unpacking(path)) {
      TarEntries entries = new TarEntries();
      entries.walkGzipped(path, file, unpacking);
      return entries.images(unpacking.finish());
    }
  }

  private void walkGzipped(String path, InputStream file, Unpacking unpacking) throws IOException {
    try (Counted content = new Counted(unzipped(path, file));
        TarArchiveInputStream tar = new TarArchiveInputStream(content, "UTF-8")) {
      walk(
          path,
          tar,
          () -> content.position,
          entry -> {
            byte[] image = tar.readNBytes((int) entry.getSize());
            if (image.length < entry.getSize()) {
              throw new IOException("entry %s is cut short".formatted(entry.getName()));
            }
            return unpacking.add(image, -1);
          });
    }
  }

  private static InputStream unzipped(String path, InputStream file) throws IOException {
    try {
      return new GZIPInputStream(file, 1 << 16);
    } catch (IOException e) {
      throw refusal(path, e);
    }
  }

  private void walk(String path, TarArchiveInputStream tar, LongSupplier position, Placing placing)
      throws IOException {
    try {
      long end = 0;
      for (TarArchiveEntry entry = tar.getNextTarEntry();
          entry != null;
          entry = tar.getNextTarEntry()) {
        if (!entry.isCheckSumOK()) {
          throw new IOException("a header with a wrong checksum");
        }
        end = position.getAsLong() + (entry.getSize() + RECORD - 1) / RECORD * RECORD;
        String name = normal(entry.getName());
        if (!entry.isDirectory() && ArchiveEntries.isImage(name)) {
          add(name, entry, placing);
        }
      }
      if (position.getAsLong() <= end) {
        throw new IOException("ends without the zeros of an archive's end");
      }
    } catch (IOException | RuntimeException e) {
      // Damaged archives end in exceptions of many kinds.
      throw refusal(path, e);
    }
  }

  private static IOException refusal(String path, Exception e) {
    return new IOException(
        "Cannot read tar archive: %s: %s".formatted(path, Patience.reason(e)), e);
  }

  private void add(String name, TarArchiveEntry entry, Placing placing) throws IOException {
    links.remove(name);
    boolean regular =
        entry.isFile() && !entry.isSparse() && entry.getSize() <= Integer.MAX_VALUE - 8;
    if (entry.isLink()) {
      links.put(name, normal(entry.getLinkName()));
    } else if (entry.isSymbolicLink()) {
      links.put(name, beside(name, entry.getLinkName()));
    }
    boolean plain = regular && !entry.isLink() && !entry.isSymbolicLink();
    places.put(name, plain ? placing.place(entry) : ImagePlace.ABSENT);
  }

  /** A path within the archive without {@code .}, {@code ..} and slashes at its ends. */
  private static String normal(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  private static String beside(String name, String target) {
    return normal(target.startsWith("/") ? target : name + "/../" + target);
  }

  private PackedImages images(LocalBytes bytes) {
    for (String link : links.keySet()) {
      String target = link;
      for (int i = 0; i < MOST_LINKS && links.containsKey(target); i++) {
        target = links.getOrDefault(target, target);
      }
      places.put(link, places.getOrDefault(target, ImagePlace.ABSENT));
    }
    return new PackedImages(ImageIndex.of(places), bytes, ImageDecoder::decode, ABSENT);
  }

  /** Counts the bytes that were read. */
  private static final class Counted extends FilterInputStream {
    private long position;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int count) throws IOException {
      int read = super.read(to, offset, count);
      position += Math.max(0, read);
      return read;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = super.skip(count);
      position += skipped;
      return skipped;
    }
  }

  /** A file of which only some parts are read, in order. */
  private static final class Skimmed extends InputStream {
    private final RandomAccessFile file;
    private final long length;
    private long position;

    Skimmed(String path) throws IOException {
      file = new RandomAccessFile(path, "r");
      length = file.length();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int count) throws IOException {
      file.seek(position);
      int read = file.read(to, offset, count);
      position += Math.max(0, read);
      return read;
    }

    @Override
    public long skip(long count) {
      long skipped = Math.max(0, Math.min(count, length - position));
      position += skipped;
      return skipped;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, length - position);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
