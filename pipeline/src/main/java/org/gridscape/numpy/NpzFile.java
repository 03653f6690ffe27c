package org.gridscape.numpy;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * A {@code .npz} file: arrays by name, stored or deflated, as {@code np.savez} and {@code
 * np.savez_compressed} write them. Not thread-safe.
 *
 * <p>Arrays of types that are not read, such as objects, are listed, and refused when they are
 * asked for. Checksums are compared when an array has been read to its end.
 */
public final class NpzFile implements Closeable {
  private static final String SUFFIX = ".npy";

  /** A day whose bytes in a zip file are the same in every time zone. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  /** How the arrays of a file that is written are kept. */
  public enum Packing {
    /** As they are. */
    STORED,
    /** Deflated. */
    DEFLATED
  }

  private final String name;
  private final ZipFile zip;
  private final Map<String, ZipArchiveEntry> entries = new LinkedHashMap<>();

  private NpzFile(String name, ZipFile zip) {
    this.name = name;
    this.zip = zip;
    for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
      String key = entry.getName();
      if (key.endsWith(SUFFIX)) {
        entries.put(key.substring(0, key.length() - SUFFIX.length()), entry);
      }
    }
  }

  /**
   * Opens a local file.
   *
   * @throws IOException if it is no zip archive
   */
  public static NpzFile open(Path file) throws IOException {
    return open(file.toString(), Files.newByteChannel(file));
  }

  /**
   * The arrays in the content of a file.
   *
   * @param name of the file, for messages
   * @throws IOException if it is no zip archive
   */
  public static NpzFile of(String name, byte[] content) throws IOException {
    return open(name, new SeekableInMemoryByteChannel(content));
  }

  private static NpzFile open(String name, SeekableByteChannel channel) throws IOException {
    try {
      return new NpzFile(name, new ZipFile(channel, name, "UTF8", true));
    } catch (IOException | RuntimeException e) {
      // Damaged archives end in exceptions of many kinds.
      channel.close();
      throw new IOException("Cannot open npz file: %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Names of the arrays, in the order of the file. */
  public List<String> keys() {
    return List.copyOf(entries.keySet());
  }

  /**
   * What the file says of an array.
   *
   * @throws IOException if there is none of that name, or its header is damaged
   */
  public NpyHeader header(String key) throws IOException {
    ZipArchiveEntry entry = entry(key);
    try (InputStream in = zip.getInputStream(entry)) {
      return NpyHeader.read(in, where(key));
    }
  }

  /**
   * A whole array.
   *
   * @throws IOException if there is none of that name, it is damaged, its type is not read, or it
   *     is too large for an array of Java's
   */
  public NpyArray read(String key) throws IOException {
    try (InputStream in = checked(key)) {
      NpyHeader header = checkedHeader(in, key);
      NpyArray array = NpyArray.read(in, header, where(key));
      if (in.read() >= 0) {
        throw NpyHeader.refusal(where(key), "goes on after its last element");
      }
      return array;
    }
  }

  /** A whole array, if there is one of that name. */
  public Optional<NpyArray> find(String key) throws IOException {
    return entries.containsKey(key) ? Optional.of(read(key)) : Optional.empty();
  }

  /**
   * An array row by row, however large.
   *
   * @throws IOException if there is none of that name, its header is damaged, its type is not read,
   *     or it is in Fortran order
   */
  public NpyRows rows(String key) throws IOException {
    InputStream in = checked(key);
    try {
      return new NpyRows(in, checkedHeader(in, key), where(key));
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /**
   * Where in the file the first element of an array lies, if the array is stored as it is.
   *
   * @throws IOException if there is none of that name, its header is damaged, or its type is not
   *     read
   */
  public OptionalLong position(String key) throws IOException {
    ZipArchiveEntry entry = entry(key);
    if (entry.getMethod() != ZipEntry.STORED) {
      return OptionalLong.empty();
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return OptionalLong.of(entry.getDataOffset() + checkedHeader(in, key).length());
    }
  }

  private ZipArchiveEntry entry(String key) throws IOException {
    ZipArchiveEntry entry = entries.get(key);
    if (entry == null) {
      throw NpyHeader.refusal(where(key), "no such array (there are %s)".formatted(keys()));
    }
    return entry;
  }

  /** The header, if the length of the file agrees with it: before memory is taken. */
  private NpyHeader checkedHeader(InputStream in, String key) throws IOException {
    NpyHeader header = NpyHeader.read(in, where(key));
    long found = entry(key).getSize() - header.length();
    try {
      if (header.bytes() != found) {
        throw NpyHeader.refusal(
            where(key),
            "%d bytes of elements (must be %d, %s of %s)"
                .formatted(found, header.bytes(), header.shape(), header.description()));
      }
    } catch (IllegalArgumentException e) {
      throw NpyHeader.refusal(where(key), String.valueOf(e.getMessage()), e);
    }
    return header;
  }

  private String where(String key) {
    return key + " of " + name;
  }

  private InputStream checked(String key) throws IOException {
    ZipArchiveEntry entry = entry(key);
    return new Checked(zip.getInputStream(entry), entry.getCrc(), where(key));
  }

  /** Compares the checksum at the end of a stream. */
  private static final class Checked extends FilterInputStream {
    private final long crc;
    private final String where;
    private final CRC32 found = new CRC32();

    Checked(InputStream in, long crc, String where) {
      super(in);
      this.crc = crc;
      this.where = where;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int count;
      try {
        count = super.read(to, offset, length);
      } catch (IOException e) {
        throw NpyHeader.refusal(where, String.valueOf(e.getMessage()), e);
      }
      if (count > 0) {
        found.update(to, offset, count);
      } else if (count < 0 && found.getValue() != crc) {
        throw NpyHeader.refusal(
            where, "checksum is %08x (must be %08x)".formatted(found.getValue(), crc));
      }
      return count;
    }
  }

  /**
   * Writes arrays in the order of the map. Equal arrays give equal bytes: no time enters them.
   *
   * @throws IOException if the stream refuses them
   */
  public static void write(OutputStream out, Map<String, NpyArray> arrays, Packing packing)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
      ZipEntry entry = new ZipEntry(array.getKey() + SUFFIX);
      entry.setTimeLocal(TIME);
      if (packing == Packing.STORED) {
        describe(entry, array.getValue());
      }
      zip.putNextEntry(entry);
      array.getValue().write(zip);
      zip.closeEntry();
    }
    zip.finish();
  }

  /** What must be known of an entry before it is stored. */
  private static void describe(ZipEntry entry, NpyArray array) {
    byte[] header = NpyHeader.write(array.type(), array.shape());
    CRC32 crc = new CRC32();
    crc.update(header);
    crc.update(array.data());
    entry.setMethod(ZipEntry.STORED);
    entry.setSize((long) header.length + array.data().length);
    entry.setCrc(crc.getValue());
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
