package org.gridscape.numpy;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a {@code .npy} file says of its array before the elements come (numpy, "NEP 1: a simple file
 * format for NumPy arrays", versions 1 to 3).
 *
 * @param description of the elements' type, as it stands there
 * @param fortranOrder whether the first index runs fastest, not the last
 * @param shape length of each axis; none for a single value
 * @param length bytes of the header itself
 */
public record NpyHeader(String description, boolean fortranOrder, List<Long> shape, int length) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST = 1 << 20;
  private static final int ALIGNMENT = 64;
  private static final int START = MAGIC.length + 4;

  private static final Pattern TYPE =
      Pattern.compile("['\"]descr['\"]\\s*:\\s*(?:'([^']*)'|\"([^\"]*)\"|(\\[.*?\\]))\\s*[,}]");
  private static final Pattern ORDER =
      Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
  private static final Pattern SHAPE =
      Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(\\s*((?:\\d{1,18}L?\\s*,?\\s*)*)\\)");

  /** Rejects negative lengths. */
  public NpyHeader {
    shape = List.copyOf(shape);
    if (shape.stream().anyMatch(axis -> axis < 0)) {
      throw new IllegalArgumentException("Invalid shape: " + shape + " (must be >= 0)");
    }
  }

  /**
   * Reads the header; the elements follow in the stream.
   *
   * @param where for messages
   * @throws IOException naming {@code where}, if there is no such header
   */
  static NpyHeader read(InputStream stream, String where) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    try {
      byte[] magic = new byte[MAGIC.length];
      in.readFully(magic);
      if (!Arrays.equals(magic, MAGIC)) {
        throw refusal(where, "begins with %s (must be \\x93NUMPY)".formatted(shown(magic)));
      }
      int version = in.readUnsignedByte();
      in.readUnsignedByte();
      if (version < 1 || version > 3) {
        throw refusal(where, "format version %d (must be 1 to 3)".formatted(version));
      }
      int size =
          version == 1
              ? Short.toUnsignedInt(Short.reverseBytes(in.readShort()))
              : Integer.reverseBytes(in.readInt());
      if (size < 0 || size > LONGEST) {
        throw refusal(
            where,
            "header of %d bytes (must be at most %d)".formatted(size & 0xffffffffL, LONGEST));
      }
      byte[] text = new byte[size];
      in.readFully(text);
      int length = MAGIC.length + (version == 1 ? 4 : 6) + size;
      return parse(
          new String(text, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1),
          length,
          where);
    } catch (EOFException e) {
      throw refusal(where, "ends in its header", e);
    }
  }

  private static NpyHeader parse(String text, int length, String where) throws IOException {
    Matcher type = TYPE.matcher(text);
    Matcher order = ORDER.matcher(text);
    Matcher shape = SHAPE.matcher(text);
    if (!type.find() || !order.find() || !shape.find()) {
      throw refusal(
          where,
          "header %s (must be a dictionary of descr, fortran_order and shape)"
              .formatted(text.strip()));
    }
    String description =
        type.group(1) != null
            ? type.group(1)
            : type.group(2) != null ? type.group(2) : type.group(3);
    List<Long> axes =
        Arrays.stream(shape.group(1).split(","))
            .map(axis -> axis.replace("L", "").strip())
            .filter(axis -> !axis.isEmpty())
            .map(Long::valueOf)
            .toList();
    return new NpyHeader(description, order.group(1).equals("True"), axes, length);
  }

  /** The bytes of a header for elements in C order, least significant byte first. */
  static byte[] write(NpyType type, int[] shape) {
    String axes =
        Arrays.stream(shape)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", ", "(", shape.length == 1 ? ",)" : ")"));
    String text = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(type, axes);
    int total = (START + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] bytes = new byte[total];
    Arrays.fill(bytes, (byte) ' ');
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    bytes[6] = 1;
    bytes[7] = 0;
    bytes[8] = (byte) (total - START);
    bytes[9] = (byte) ((total - START) >>> 8);
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, bytes, START, text.length());
    bytes[total - 1] = '\n';
    return bytes;
  }

  /**
   * The type of the elements.
   *
   * @throws IllegalArgumentException if it is one that is not read
   */
  public NpyType type() {
    return NpyType.of(description);
  }

  /** Whether the most significant byte of an element comes first. */
  boolean bigEndian() {
    return description.startsWith(">");
  }

  /**
   * Bytes of all elements.
   *
   * @throws IllegalArgumentException if there are more than files can hold
   */
  long bytes() {
    try {
      long bytes = type().bytes();
      for (long axis : shape) {
        bytes = Math.multiplyExact(bytes, axis);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "Invalid shape: %s of %s (must have fewer than 2^63 bytes)".formatted(shape, description),
          e);
    }
  }

  static IOException refusal(String where, String fact) {
    return new IOException("Cannot read array: %s: %s".formatted(where, fact));
  }

  static IOException refusal(String where, String fact, Exception cause) {
    return new IOException("Cannot read array: %s: %s".formatted(where, fact), cause);
  }

  private static String shown(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte value : bytes) {
      text.append(value >= ' ' && value < 127 ? "" + (char) value : "\\x%02x".formatted(value));
    }
    return text.toString();
  }
}
