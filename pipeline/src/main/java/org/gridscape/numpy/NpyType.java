package org.gridscape.numpy;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The type of an array's elements, whatever their byte order.
 *
 * @param kind numpy's letter: {@code f} floating, {@code i} signed, {@code u} unsigned, {@code b}
 *     boolean, {@code U} text, {@code S} bytes of text
 * @param size bytes of a number, characters of a text
 */
public record NpyType(char kind, int size) {
  private static final List<String> NUMBERS =
      List.of("f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "b1");
  private static final Pattern DESCRIPTION = Pattern.compile("[<>|=]([a-zA-Z])(\\d{1,9})");

  /** Unsigned bytes, as images have them. */
  public static final NpyType UNSIGNED_BYTE = new NpyType('u', 1);

  /** Rejects types that are not read. */
  public NpyType {
    if (!isRead(kind, size)) {
      throw refusal("" + kind + size);
    }
  }

  private static boolean isRead(char kind, int size) {
    return (kind == 'U' || kind == 'S') ? size >= 0 : NUMBERS.contains("" + kind + size);
  }

  /**
   * The type that a file describes, such as {@code <f8}.
   *
   * @throws IllegalArgumentException if it is one that is not read, such as objects
   */
  public static NpyType of(String description) {
    Matcher matcher = DESCRIPTION.matcher(description);
    if (matcher.matches()) {
      char kind = matcher.group(1).charAt(0);
      int size = Integer.parseInt(matcher.group(2));
      if (isRead(kind, size)) {
        return new NpyType(kind, size);
      }
    }
    throw refusal(description);
  }

  private static IllegalArgumentException refusal(String description) {
    return new IllegalArgumentException(
        "Invalid array type: %s (must be one of %s, U or S)".formatted(description, NUMBERS));
  }

  /** Bytes of an element. */
  public int bytes() {
    return kind == 'U' ? Math.multiplyExact(size, Integer.BYTES) : size;
  }

  /** Bytes whose order the machine decides: of a number, of a character. */
  int unit() {
    return switch (kind) {
      case 'U' -> Integer.BYTES;
      case 'S' -> 1;
      default -> size;
    };
  }

  /** Whether elements are whole numbers. */
  boolean isWhole() {
    return kind == 'i' || kind == 'u' || kind == 'b';
  }

  /** As numpy describes it, least significant byte first: {@code <f8}, {@code |u1}. */
  @Override
  public String toString() {
    return (unit() == 1 ? "|" : "<") + kind + size;
  }
}
