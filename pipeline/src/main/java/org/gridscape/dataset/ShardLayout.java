package org.gridscape.dataset;

/**
 * Where the images of a shard lie in their {@link org.gridscape.storage.LocalBytes}: pixels, the
 * starts of the ids, two orders of the rows, the ids in UTF-8.
 *
 * @param rows images
 * @param size bytes an image
 */
record ShardLayout(int rows, int size) {

  /** The first pixel of an image. */
  long pixels(int image) {
    return (long) image * size;
  }

  /** Where the start of an id is written, a long; after the last id that of its end. */
  long idStart(int image) {
    return pixels(rows) + (long) image * Long.BYTES;
  }

  /** A place of an order, an int. */
  long order(int slot, int place) {
    return idStart(rows + 1) + ((long) slot * rows + place) * Integer.BYTES;
  }

  /** The first id. */
  long ids() {
    return order(2, 0);
  }
}
