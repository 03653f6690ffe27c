package org.gridscape.dataset;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The place of an image in its data set: images are ordered by a hash of identity and seed.
 *
 * <p>The hash is the first 8 bytes, big-endian and unsigned, of SHA-256 over the seed (8 bytes,
 * big-endian) and the id (UTF-8); ties are ordered by id.
 *
 * @param hash 64 bits, compared unsigned
 * @param id identity of the image
 */
record OrderKey(long hash, String id) implements Comparable<OrderKey>, Serializable {

  /** The key of an image under a seed. */
  static OrderKey of(String id, long seed) {
    byte[] text = id.getBytes(StandardCharsets.UTF_8);
    byte[] keyed = ByteBuffer.allocate(Long.BYTES + text.length).putLong(seed).put(text).array();
    return new OrderKey(ByteBuffer.wrap(Digest.sha256().digest(keyed)).getLong(), id);
  }

  @Override
  public int compareTo(OrderKey other) {
    int byHash = Long.compareUnsigned(hash, other.hash);
    return byHash != 0 ? byHash : id.compareTo(other.id);
  }
}
