package org.gridscape.dataset;

import java.io.IOException;

/** Work on a shard's scratch file, whose failures name the shard. */
final class ShardScratch {
  private ShardScratch() {}

  /** What the local disk may refuse. */
  interface Access<T> {
    T run() throws IOException;
  }

  /**
   * The result of {@code access}.
   *
   * @param shard whose it is, and where
   * @throws DataException if the disk refuses it
   */
  static <T> T access(String shard, Access<T> access) {
    try {
      return access.run();
    } catch (IOException e) {
      throw new DataException("Cannot keep shard: %s: %s".formatted(shard, e.getMessage()), e);
    }
  }
}
