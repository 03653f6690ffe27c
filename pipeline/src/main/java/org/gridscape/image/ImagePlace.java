package org.gridscape.image;

/**
 * Where an image lies in the bytes of a source.
 *
 * @param position of its first byte
 * @param length in bytes, or -1 if there is nothing that could be read
 * @param label the class, or -1 where none is known
 */
record ImagePlace(long position, int length, int label) {
  /** Of an image that is listed and cannot be read. */
  static final ImagePlace ABSENT = new ImagePlace(0, -1, -1);
}
